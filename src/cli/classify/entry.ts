import type { Hole, Point } from '../../timeline/index.js';

/** One entry of a timeline, as the emotions topic carries it. */
export type Entry = Point | Hole;

export function isHole(entry: Entry): entry is Hole {
  return 'reason' in entry;
}
