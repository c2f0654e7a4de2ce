/** One tried number of calls. */
export interface CapacityStep {
  readonly calls: number;
  readonly passed: boolean;
}

const GROWTH = 1.5;
/** The search ends when what passes and what fails are so close, as a share of what passes. */
const RESOLUTION = 0.1;

/** Most calls with which every smaller try passed too; 0 where none did. */
export function capacityOf(steps: readonly CapacityStep[]): number {
  const failing = smallestFailing(steps);
  const passing = steps.filter(({ calls, passed }) => passed && calls < failing);
  return Math.max(0, ...passing.map(({ calls }) => calls));
}

/**
 * How many calls to try next: more while all pass, then between the most that passed and the least that failed.
 * Undefined when these are within a tenth of each other.
 */
export function nextCalls(steps: readonly CapacityStep[], first: number): number | undefined {
  if (steps.length === 0) return first;
  const passing = capacityOf(steps);
  const failing = smallestFailing(steps);
  if (!Number.isFinite(failing)) return Math.ceil(passing * GROWTH);
  const middle = Math.floor((passing + failing) / 2);
  return failing - passing > Math.max(1, RESOLUTION * passing) && middle > passing ? middle : undefined;
}

function smallestFailing(steps: readonly CapacityStep[]): number {
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...steps.filter(({ passed }) => !passed).map(({ calls }) => calls),
  );
}
