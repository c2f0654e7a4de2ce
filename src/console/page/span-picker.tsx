import type { JSX } from 'preact';

const CHOICES = {
  '30 s': 30_000,
  '2 min': 120_000,
  '10 min': 600_000,
  Whole: Number.POSITIVE_INFINITY,
} as const;

export type SpanChoice = keyof typeof CHOICES;

/** The shortest whole call that fills the width. */
const LEAST_MS = 20_000;

/** Media time from the left to the right edge, the newest at the right once the call fills the width. */
export function spanOfChoice(choice: SpanChoice, durationMs: number): { fromMs: number; toMs: number } {
  const wantedMs = Math.min(CHOICES[choice], Math.max(durationMs, LEAST_MS));
  const toMs = Math.max(durationMs, wantedMs);
  return { fromMs: toMs - wantedMs, toMs };
}

export function SpanPicker(props: {
  readonly choice: SpanChoice;
  readonly onChoose: (choice: SpanChoice) => void;
}): JSX.Element {
  return (
    <fieldset class="span-picker">
      <legend class="for-ears">How much of the call is shown</legend>
      {(Object.keys(CHOICES) as SpanChoice[]).map((choice) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === props.choice}
          onClick={() => props.onChoose(choice)}
        >
          {choice}
        </button>
      ))}
    </fieldset>
  );
}
