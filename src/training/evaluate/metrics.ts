/** Counts [actual][predicted]. */
export type Confusion = readonly (readonly number[])[];

export interface ClassMetrics {
  readonly label: string;
  /** Items of this class. */
  readonly support: number;
  /** Of what was called so, the share that is so; `null` where nothing was called so. */
  readonly precision: number | null;
  /** Of what is so, the share that was called so; `null` where there is none. */
  readonly recall: number | null;
  /** 2 · precision · recall / (precision + recall); 0 where both are 0, `null` where the class has no items. */
  readonly f1: number | null;
}

export interface Metrics {
  readonly items: number;
  /** Share of items that were called rightly: also known as weighted accuracy, WA. */
  readonly accuracy: number;
  /** Mean recall over the classes that occur: unweighted accuracy, UA. */
  readonly unweightedAccuracy: number;
  /** Mean F1 over the classes that occur. */
  readonly macroF1: number;
  readonly perClass: readonly ClassMetrics[];
  readonly confusion: Confusion;
}

/** One judged item: the index of its class and of the class it was called. */
export interface Judgement {
  readonly actual: number;
  readonly predicted: number;
}

export function metricsOf(judgements: readonly Judgement[], labels: readonly string[]): Metrics {
  const confusion = labels.map(() => labels.map(() => 0));
  for (const { actual, predicted } of judgements) confusion[actual]![predicted]! += 1;
  const perClass = labels.map((label, i) => classMetrics(label, i, confusion));
  const occurring = perClass.filter(({ support }) => support > 0);
  const right = confusion.reduce((sum, row, i) => sum + row[i]!, 0);
  return {
    items: judgements.length,
    accuracy: judgements.length === 0 ? 0 : right / judgements.length,
    unweightedAccuracy: mean(occurring.map(({ recall }) => recall ?? 0)),
    macroF1: mean(occurring.map(({ f1 }) => f1 ?? 0)),
    perClass,
    confusion,
  };
}

function classMetrics(label: string, i: number, confusion: Confusion): ClassMetrics {
  const right = confusion[i]![i]!;
  const support = sum(confusion[i]!);
  const called = sum(confusion.map((row) => row[i]!));
  const f1 = support === 0 ? null : (2 * right) / (support + called);
  return {
    label,
    support,
    precision: called === 0 ? null : right / called,
    recall: support === 0 ? null : right / support,
    f1,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => (values.length === 0 ? 0 : sum(values) / values.length);

/** Index of the largest value; the first of equals. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
