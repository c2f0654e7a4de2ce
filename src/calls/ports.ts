import type { ResultRecord } from '../bus/index.js';
import type { CallEnded, CallStarted, Leg } from '../ingest/index.js';
import type { FeedsState } from './call-feeds.js';
import type { LegState } from './leg-state.js';

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
  /** Its offset in the audio log. */
  readonly offset: number;
  /** Wall clock of this process. */
  readonly nowMs: number;
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
  /** Resolves when all that was enqueued so far has been told to the outbox. */
  settled(): Promise<void>;
  /** Enough media time has passed since the last summary for another one. */
  readonly summaryDue: boolean;
  /**
   * Makes a summary of the call so far. Only when settled.
   *
   * @param state what a next owner needs to go on from here, but for `analysis`, which is put in; null keeps it out
   */
  summarize(state: CallState | null): void;
  /** What this has learned, to be given to {@link CallParts.createAnalysis} elsewhere. Only when settled. */
  state(): AnalysisState;
}

/** A value that JSON can carry without loss. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** What an analysis knows, in its own words. */
export type AnalysisState = Json;

/** A call as it stands after the record at `through`: all that its audio alone does not tell. */
export interface CallState {
  /** Version of this format. */
  readonly version: 1;
  /** Name of the model that has heard the call. */
  readonly model: string;
  /** Fingerprint of the front end in whose samples and windows it counts. */
  readonly frontEnd: string;
  /** Offset of the last record of the call that is contained. */
  readonly through: number;
  /** Offset of the record that began the call: two calls of one id differ in it. */
  readonly startedAtOffset: number;
  /** First record that the next owner must hear again to rebuild rings, voice gates and decoders. */
  readonly replayFrom: number;
  readonly started: CallStarted;
  /** Not in states of releases before 0.2. */
  readonly feeds?: FeedsState;
  readonly paused: boolean;
  readonly pausedMs: number;
  readonly legs: Readonly<Partial<Record<Leg, LegState>>>;
  readonly analysis: AnalysisState;
}

/** Where results wait until their batch is committed. */
export interface Outbox {
  /** @param onWritten told once the result stands in the log */
  add(result: ResultRecord, onWritten: () => void): void;
}

/** What calls are made with, for one model. */
export interface CallParts {
  /** Name of the model. */
  readonly model: string;
  /** Fingerprint of the front end. */
  readonly frontEnd: string;
  createWindows(): WindowSource;
  /**
   * @param origin names the audio log's record that began the call, `topic/partition/offset`
   * @param state what {@link CallAnalysis.state} gave, to go on from there
   */
  createAnalysis(call: CallStarted, origin: string, outbox: Outbox, state?: AnalysisState): CallAnalysis;
  /**
   * Takes back what was published of a call.
   *
   * @param origin names the record that erased it
   */
  erase(callId: string, origin: string, outbox: Outbox): void;
}

/** The models that calls are made with. A call keeps its parts to its end, so those in use must stay usable. */
export interface CallModels {
  /** For calls that begin now. */
  readonly current: CallParts;
  /** For a call that another worker left: its own model where that is here, else one that counts in the same windows; null where none does. */
  toGoOnWith(left: Pick<CallState, 'model' | 'frontEnd'>): CallParts | null;
}
