import { groupBy } from '../group.js';
import type { PreparedClip } from '../prepare/manifest.js';
import { Random } from '../random.js';

/** How many windows of each corpus an epoch takes; a corpus that is not named gives one of each of its clips. */
export type EpochQuota = Readonly<Record<string, number>>;

/**
 * The clips of one epoch, in the order of training, a function of the seed and the epoch alone. Within a corpus each
 * class comes equally often, and no clip of a class comes again before all have come.
 * @returns indices into `clips`
 */
export function epochOrder(
  clips: readonly PreparedClip[],
  quota: EpochQuota,
  seed: string,
  epoch: number,
): number[] {
  const random = new Random(`${seed}/order/${epoch}`);
  const corpora = groupBy(
    clips.map((_, i) => i),
    (i) => clips[i]!.corpus,
  );
  const chosen = [...corpora].flatMap(([corpus, members]) =>
    drawBalanced(members, (i) => clips[i]!.label, quota[corpus] ?? members.length, random),
  );
  return random.shuffle(chosen);
}

function drawBalanced(
  members: number[],
  labelOf: (i: number) => string,
  count: number,
  random: Random,
): number[] {
  const classes = [...groupBy(members, labelOf).values()].map((group) => ({ group, queue: [] as number[] }));
  const order = random.shuffle(classes);
  return Array.from({ length: count }, (_, n) => {
    const chosen = order[n % order.length]!;
    if (chosen.queue.length === 0) chosen.queue = random.shuffle(chosen.group);
    return chosen.queue.pop()!;
  });
}
