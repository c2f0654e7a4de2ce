import { z } from 'zod';
import type { DueWindow } from '../calls/index.js';
import type { Emotion } from '../inference/index.js';
import { expectedAffect } from './affect.js';
import { calibrate } from './calibration.js';
import { History, historyState } from './history.js';
import { type HysteresisOptions, indexOfMax, labelAfter, UNCERTAIN } from './hysteresis.js';
import type { Point } from './point.js';
import { roundAffect, roundDecibel, roundMs, roundProbability } from './rounding.js';
import { type SmoothingOptions, smoothedAt } from './smoothing.js';

export interface TimelineOptions extends SmoothingOptions, HysteresisOptions {
  readonly labels: readonly Emotion[];
  /** From the bundle; see {@link calibrate}. */
  readonly temperature: number;
}

/** What is known of a window when it reaches the timeline. */
export interface HeardWindow
  extends Pick<DueWindow, 'windowIndex' | 'startMs' | 'endMs' | 'loudnessDbfs' | 'voicedShare' | 'partial'> {
  /** Softmax output [labels], or null for a window that was not classified for want of voice. */
  readonly probabilities: ArrayLike<number> | null;
}

/** A point without what the call adds to it: who, which model, when. */
export type TimelineEntry = Omit<Point, 'callId' | 'tenant' | 'leg' | 'model' | 'notice' | 'emittedAt'>;

export const legTimelineState = z
  .object({
    /** Whose probabilities the history holds. */
    labels: z.array(z.string()),
    history: historyState,
  })
  .refine(({ labels, history }) => history.every((entry) => entry.length === 1 + labels.length), {
    error: 'the history holds another number of probabilities than there are labels',
    path: ['history'],
  });
export type LegTimelineState = z.infer<typeof legTimelineState>;

/**
 * Timeline of one leg: calibrated → smoothed → label with hysteresis. Windows come in order.
 * An entry depends on the windows of the last {@link memoryWindowsOf} hops alone.
 */
export class LegTimeline {
  readonly #options: TimelineOptions;
  readonly #history: History;

  /** @param state of a former owner; forgotten if its model had other labels, as its probabilities mean nothing here */
  constructor(options: TimelineOptions, state?: LegTimelineState) {
    this.#options = options;
    const isOfTheseLabels = state?.labels.join() === options.labels.join();
    this.#history = new History(memoryWindowsOf(options), isOfTheseLabels ? state?.history : undefined);
  }

  push(window: HeardWindow): TimelineEntry {
    const said = window.probabilities === null ? SILENT : this.#classified(window, window.probabilities);
    return {
      windowIndex: window.windowIndex,
      startMs: roundMs(window.startMs),
      endMs: roundMs(window.endMs),
      ...(window.partial ? { partial: true } : {}),
      ...said,
      loudnessDbfs: roundDecibel(window.loudnessDbfs),
      voicedShare: roundAffect(window.voicedShare),
    };
  }

  state(): LegTimelineState {
    return { labels: [...this.#options.labels], history: this.#history.state() };
  }

  #classified(window: HeardWindow, raw: ArrayLike<number>): Said {
    const { labels, temperature } = this.#options;
    this.#history.add({ windowIndex: window.windowIndex, probabilities: calibrate(raw, temperature) });
    const entries = this.#history.entries;
    const smoothed = entries.map((_, i) => smoothedAt(entries, i, this.#options));
    const now = smoothed.at(-1)!;
    const label = labelAfter(smoothed, this.#options);
    const { valence, arousal } = expectedAffect(labels, now);
    return {
      status: 'classified',
      label: label === UNCERTAIN ? 'uncertain' : labels[label]!,
      confidence: roundProbability(now[indexOfMax(now)]!),
      probabilities: Object.fromEntries(labels.map((name, i) => [name, roundProbability(now[i]!)])),
      valence: roundAffect(valence),
      arousal: roundAffect(arousal),
    };
  }
}

type Said = Pick<TimelineEntry, 'status' | 'label' | 'confidence' | 'probabilities' | 'valence' | 'arousal'>;

const SILENT: Said = {
  status: 'silent',
  label: null,
  confidence: null,
  probabilities: null,
  valence: null,
  arousal: null,
};

/** Hops that a label can depend on: enough for the smoothing to settle and for two changes of label. */
export function memoryWindowsOf({ smoothingWindows, minDurationWindows }: TimelineOptions): number {
  return smoothingWindows + 4 * minDurationWindows;
}
