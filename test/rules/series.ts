/** One series of promtool's unit tests, a sample each step. */
export interface Series {
  readonly series: string;
  readonly values: string;
}

/** Steps of so many events each. */
export type Phase = readonly [perStep: number, steps: number];

const selector = (name: string, labels: string) => (labels === '' ? name : `${name}{${labels}}`);

/** A counter that grows phase by phase. */
export function counts(name: string, labels: string, ...phases: readonly Phase[]): Series {
  let total = 0;
  const values = phases.map(([perStep, steps]) => {
    const text = `${total}+${perStep}x${steps - 1}`;
    total += perStep * steps;
    return text;
  });
  return { series: selector(name, labels), values: values.join(' ') };
}

/** A gauge that stands still. */
export const stays = (name: string, labels: string, value: number, steps: number): Series => ({
  series: selector(name, labels),
  values: `${value}x${steps - 1}`,
});

/** A gauge with these values, one after another, for `steps` steps. */
export const repeats = (name: string, labels: string, values: readonly number[], steps: number): Series => ({
  series: selector(name, labels),
  values: Array.from({ length: steps }, (_, step) => values[step % values.length]).join(' '),
});
