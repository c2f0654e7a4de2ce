import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { schemasAt, shapeOf } from './fields.js';
import type { Problem } from './problem.js';
import type { Path, Source } from './source.js';
import type { Setting } from './tree.js';

export interface Reading {
  readonly settings: readonly Setting[];
  readonly problems: readonly Problem[];
}

/** Reads a YAML (or JSON) text into settings, each with its line. `name` is what messages call the file. */
export function readConfigText(text: string, name: string): Reading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const sourceAt = (offset: number): Source => ({
    kind: 'file',
    place: `${name}:${lines.linePos(offset).line}`,
  });
  if (document.errors.length > 0) {
    return failed(document.errors.map((error) => problemAt(sourceAt(error.pos[0]), error.message)));
  }
  const { contents } = document;
  if (isEmpty(contents)) return { settings: [], problems: [] };
  if (!isMap(contents))
    return failed([problemAt(sourceAt(0), 'must be a mapping such as `http: {port: 8080}`')]);
  const reader: Reader = { sourceAt, toValue: (node) => (isNode(node) ? node.toJS(document) : node) };
  return { settings: settingsOf(contents, [], reader), problems: [] };
}

interface Reader {
  sourceAt(offset: number): Source;
  toValue(node: unknown): unknown;
}

function failed(problems: readonly Problem[]): Reading {
  return { settings: [], problems };
}

function problemAt(source: Source, message: string): Problem {
  return { code: 'UT_CONFIG_INVALID', path: source.place, message: message.replace(/\.$/, ''), source };
}

/** Maps are opened, so that they merge with other sources; a section left empty says nothing. */
function settingsOf(map: YAMLMap, path: Path, reader: Reader): readonly Setting[] {
  return map.items.flatMap((pair) => {
    const key = String(reader.toValue(pair.key));
    const here = [...path, key];
    if (isMap(pair.value) && pair.value.items.length > 0) return settingsOf(pair.value, here, reader);
    if (isEmpty(pair.value) && isSection(here)) return [];
    const source = reader.sourceAt((pair.key as Node).range?.[0] ?? 0);
    return [
      {
        path: here,
        value: reader.toValue(pair.value),
        source,
        inner: innerSources(pair.value, here, reader),
      },
    ];
  });
}

/** Sources of what stands inside a list, so that a problem in the fifth rule names its own line. */
function innerSources(node: unknown, path: Path, reader: Reader): readonly (readonly [Path, Source])[] {
  if (isSeq(node))
    return node.items.flatMap((item, index) => sourcesFrom(item, item, [...path, index], reader));
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) =>
    sourcesFrom(pair.key, pair.value, [...path, String(reader.toValue(pair.key))], reader),
  );
}

function sourcesFrom(
  at: unknown,
  value: unknown,
  path: Path,
  reader: Reader,
): readonly (readonly [Path, Source])[] {
  const offset = isNode(at) ? (at.range?.[0] ?? 0) : 0;
  return [[path, reader.sourceAt(offset)] as const, ...innerSources(value, path, reader)];
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function isSection(path: Path): boolean {
  return schemasAt(path).some((schema) => shapeOf(schema) !== undefined);
}
