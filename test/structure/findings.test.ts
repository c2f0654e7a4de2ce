import { expect, test } from 'vitest';
import { FINDING_KINDS } from '../../src/training/corpora/index.js';
import { textOf } from './project-files.js';

test('the guide explains what can be found odd about recordings, and what of it stops', () => {
  const rows = textOf('docs/data-scientist-guide.md').match(/^\| `[a-z-]+`(, `[a-z-]+`)* \| .*$/gm) ?? [];
  for (const [kind, severity] of Object.entries(FINDING_KINDS)) {
    const row = rows.find((one) => one.split('|')[1]!.includes(`\`${kind}\``));
    expect(row, kind).toBeDefined();
    expect(row!.includes('**stops**'), kind).toBe(severity === 'error');
  }
});
