import type { CallEnded, CallStarted, Leg } from '../ingest/index.js';

/** Front end of one leg: samples in, windows out. The features room has the implementation. */
export interface WindowSource {
  readonly sampleRateHz: number;
  /** Values in one window's snapshot. */
  readonly windowLength: number;
  /** Announces each window that these samples complete; its snapshot can be taken within the announcement only. */
  push(samples: Float32Array, onWindow: (windowIndex: number) => void): void;
  skipTo(sampleIndex: number): void;
  snapshot(windowIndex: number, out: Float32Array): void;
  snapshotPartial(out: Float32Array): void;
  startMs(windowIndex: number): number;
  endMs(windowIndex: number): number;
  windowsEndingBy(sampleCount: number): number;
}

/** A window that has been heard to its last sample. */
export interface DueWindow {
  readonly windowIndex: number;
  readonly startMs: number;
  readonly endMs: number;
  /** RMS level of the window's samples. */
  readonly loudnessDbfs: number;
  readonly voicedShare: number;
  /** The leg ended before the window was full. */
  readonly partial: boolean;
  /** Wall clock at which its last audio reached the audio log. */
  readonly arrivedAtMs: number;
  /** The model's input, or null where too little voice was heard to classify it. Given back by {@link release}. */
  readonly input: Float32Array | null;
  /** To be called once `input` is no longer read. */
  release(): void;
}

/** Consecutive windows of a leg that will never be classified. */
export interface WindowHole {
  readonly fromWindowIndex: number;
  readonly toWindowIndex: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly reason: 'gap' | 'pause' | 'overload' | 'error';
}

/** What is known of a record beside its content. */
export interface RecordContext {
  /** Windows of a live call must be skipped, to keep up. */
  readonly skipDue: boolean;
  /** Wall clock at which the record reached the audio log. */
  readonly arrivedAtMs: number;
}

/** Media time of a leg so far. */
export interface LegProgress {
  readonly mediaMs: number;
  readonly lostMs: number;
  readonly pausedMs: number;
}

/**
 * What becomes of a call after it has been heard: classification, timeline, alerts, summary. Every method only
 * enqueues; for one leg, windows and holes come in order and cover each window index exactly once.
 */
export interface CallAnalysis {
  announce(legs: readonly Leg[]): void;
  window(leg: Leg, window: DueWindow): void;
  hole(leg: Leg, hole: WindowHole): void;
  /** Voice activity of one block of {@link VOICE_BLOCK_MS}, in order. */
  voice(leg: Leg, block: number, voiced: boolean): void;
  progress(leg: Leg, progress: LegProgress): void;
  end(reason: CallEnded['reason']): void;
  /** Resolves when all that was enqueued so far stands in the result log. */
  settled(): Promise<void>;
}

export interface CallParts {
  createWindows(): WindowSource;
  createAnalysis(call: CallStarted): CallAnalysis;
}
