import { expect, test } from 'vitest';
import { allFields } from './fields.js';
import { renderConfigurationReference } from './reference.js';

test('every field has a meaning and stands in the reference', () => {
  const page = renderConfigurationReference();
  for (const field of allFields()) {
    expect(field.secret || (field.description ?? ''), field.path).not.toBe('');
    expect(page, field.path).toContain(`\`${field.path.replace('alerts.rules[].', '')}\``);
  }
});

test('defaults and bounds are told', () => {
  const page = renderConfigurationReference();
  expect(page).toContain('| `http.port`<br>`UNDERTONE_HTTP_PORT` | whole number ≥ 0, ≤ 65535 | `8080` |');
  expect(page).toContain('`console.tokens[]` | secret');
});
