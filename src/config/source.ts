/** Where a value came from. Later kinds win over earlier ones. */
export interface Source {
  readonly kind: 'default' | 'file' | 'environment' | 'flag';
  /** For people: `default`, `undertone.yaml:12`, `UNDERTONE_HTTP_PORT`, `--set http.port`. */
  readonly place: string;
}

export type Path = readonly PropertyKey[];

/** `['alerts', 'rules', 0, 'name']` → `alerts.rules[0].name`. */
export function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

const DEFAULT_SOURCE: Source = { kind: 'default', place: 'default' };

/** Remembers the source of every path that was set. */
export class SourceMap {
  readonly #sources = new Map<string, Source>();

  /** A value set at a path hides the sources of everything that stood below it. */
  set(path: Path, source: Source): void {
    const text = pathText(path);
    for (const known of this.#sources.keys()) if (isBelow(known, text)) this.#sources.delete(known);
    this.#sources.set(text, source);
  }

  /** The source of the value itself, of the nearest value around it, or of the first value inside it. */
  of(path: Path): Source {
    for (let length = path.length; length > 0; length--) {
      const source = this.#sources.get(pathText(path.slice(0, length)));
      if (source !== undefined) return source;
    }
    const inside = [...this.#sources].find(([known]) => isBelow(known, pathText(path)));
    return inside?.[1] ?? DEFAULT_SOURCE;
  }
}

function isBelow(path: string, ancestor: string): boolean {
  return path.startsWith(`${ancestor}.`) || path.startsWith(`${ancestor}[`);
}
