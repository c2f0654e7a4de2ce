import { Document, isMap, isScalar, type YAMLMap } from 'yaml';
import type { LoadedConfig } from './load.js';
import { redact } from './secrets.js';
import type { Path, SourceMap } from './source.js';

/** The configuration in effect as YAML, secrets redacted, each value with its source as a comment. */
export function printConfig({ config, sources }: LoadedConfig): string {
  const document = new Document(redact(config));
  if (isMap(document.contents)) annotate(document.contents, [], sources);
  return document.toString({ lineWidth: 0 });
}

function annotate(map: YAMLMap, path: Path, sources: SourceMap): void {
  for (const pair of map.items) {
    const here = [...path, String(isScalar(pair.key) ? pair.key.value : pair.key)];
    if (isMap(pair.value) && pair.value.items.length > 0) annotate(pair.value, here, sources);
    else comment(pair as { key: unknown; value: unknown }, ` ${sources.of(here).place}`);
  }
}

/** Beside a scalar; above the first entry of a list. */
function comment(pair: { key: unknown; value: unknown }, text: string): void {
  if (isScalar(pair.value)) pair.value.comment = text;
  else if (typeof pair.value === 'object' && pair.value !== null)
    Object.assign(pair.value, { commentBefore: text });
}
