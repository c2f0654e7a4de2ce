import type { Difference, TopicFinding } from './compare.js';

export type Setting = Extract<Difference, { kind: 'setting' }>;

/** What a change of a setting does to what a topic holds, where somebody has to say that it may. */
export const ALLOWANCES = {
  retention: 'Records that are older than the new time are deleted for good.',
  compaction:
    "The topic of the calls is compacted, so that the last word on each call stays; any other topic must not be, or a call's newest record would be all that is left of it. Changing it deletes records.",
  timestamps:
    "A worker that takes calls over compares the times of records of several topics: only the broker's clock will do. Records that stand there keep their old times, so let live calls end first.",
  durability:
    'With fewer in-sync copies, a record that was confirmed can be lost with one broker; with more, one broker that is away stops everything.',
} as const;
export type Allowance = keyof typeof ALLOWANCES;

/** What has to be allowed before a setting is changed; null where it touches nothing that is held. */
export function allowanceFor({ name, wanted, found }: Setting): Allowance | null {
  switch (name) {
    case 'cleanup.policy':
      return 'compaction';
    case 'message.timestamp.type':
      return 'timestamps';
    case 'min.insync.replicas':
      return 'durability';
    case 'retention.ms':
    case 'delete.retention.ms':
      return isShorter(wanted, found) ? 'retention' : null;
    default:
      return null;
  }
}

/** −1 is for ever. */
function isShorter(wanted: string, found: string): boolean {
  const ms = (text: string): number => (Number(text) < 0 ? Number.POSITIVE_INFINITY : Number(text));
  return ms(wanted) < ms(found);
}

/** The settings of a topic that may be changed now. */
export function allowedChanges(
  { differences }: TopicFinding,
  allowed: ReadonlySet<Allowance>,
): readonly Setting[] {
  return differences.filter((difference): difference is Setting => {
    if (difference.kind !== 'setting') return false;
    const needed = allowanceFor(difference);
    return needed === null || allowed.has(needed);
  });
}
