/** What of a span its place in a tree depends on. */
interface PlacedSpan {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
}

/** Each kind of path from the root of a trace to one of its spans, once and sorted: `call > send > window`. */
export function pathsOf(spans: readonly PlacedSpan[]): readonly string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const pathOf = ({ name, parentSpanId }: PlacedSpan): string => {
    if (parentSpanId === '') return name;
    const parent = byId.get(parentSpanId);
    return `${parent === undefined ? '?' : pathOf(parent)} > ${name}`;
  };
  return [...new Set(spans.map(pathOf))].sort();
}

/** The tree of a call whose windows are classified; alerts and Redis apart. */
export const CALL_TREE: readonly string[] = [
  'call',
  'call > feed',
  'call > send',
  'call > send > window',
  'call > send > window > commit',
  'call > send > window > features',
  'call > send > window > inference.run',
  'call > send > window > inference.wait',
  'call > send > window > read',
  'call > send > window > timeline',
];
