import type { Hole, Point } from '../timeline/index.js';

/**
 * The newest points and holes of one leg. Always holds: points ascend by `windowIndex` and holes by
 * `fromWindowIndex`, each index once; a record delivered twice replaces itself.
 */
export class LegTrack {
  readonly points: Point[] = [];
  readonly holes: Hole[] = [];
  readonly #maxPoints: number;
  readonly #maxHoles: number;

  constructor(maxPoints: number, maxHoles: number) {
    this.#maxPoints = maxPoints;
    this.#maxHoles = maxHoles;
  }

  addPoint(point: Point): void {
    insert(this.points, point, (p) => p.windowIndex);
    if (this.points.length > this.#maxPoints) this.points.shift();
  }

  /** Forgets what was said before `atMs`, milliseconds since the epoch. */
  forgetBefore(atMs: number): void {
    for (const said of [this.points, this.holes] as { emittedAt: string }[][]) {
      said.splice(0, said.length, ...said.filter(({ emittedAt }) => Date.parse(emittedAt) >= atMs));
    }
  }

  addHole(hole: Hole): void {
    insert(this.holes, hole, (h) => h.fromWindowIndex);
    if (this.holes.length > this.#maxHoles) this.holes.shift();
  }
}

function insert<T>(sorted: T[], item: T, indexOf: (item: T) => number): void {
  const index = indexOf(item);
  let at = sorted.length;
  while (at > 0 && indexOf(sorted[at - 1]!) > index) at--;
  const isKnown = at > 0 && indexOf(sorted[at - 1]!) === index;
  if (isKnown) sorted[at - 1] = item;
  else sorted.splice(at, 0, item);
}
