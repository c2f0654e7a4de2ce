import { type Path, type Source, SourceMap } from './source.js';

export type Tree = { [key: string]: unknown };

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One value set by a source. */
export interface Setting {
  readonly path: Path;
  readonly value: unknown;
  readonly source: Source;
  /** Sources of values inside this one, where they are known more exactly. */
  readonly inner?: readonly (readonly [Path, Source])[];
}

/** Lays settings over each other: maps are merged key by key, every other value replaces what was there. */
export class ConfigTree {
  readonly root: Tree = emptyTree();
  readonly sources = new SourceMap();

  apply(setting: Setting): void {
    const parent = this.#parentOf(setting.path);
    const key = String(setting.path.at(-1));
    parent[key] = setting.value;
    this.sources.set(setting.path, setting.source);
    for (const [path, source] of setting.inner ?? []) this.sources.set(path, source);
  }

  #parentOf(path: Path): Tree {
    return path.slice(0, -1).reduce<Tree>((tree, part) => {
      const key = String(part);
      const next = Object.hasOwn(tree, key) ? tree[key] : undefined;
      if (isTree(next)) return next;
      const created = emptyTree();
      tree[key] = created;
      return created;
    }, this.root);
  }
}

/** Without a prototype, so that a key named `__proto__` is a key like any other. */
function emptyTree(): Tree {
  return Object.create(null) as Tree;
}
