import type { VoiceActivityOptions } from '../audio/index.js';
import { UndertoneError } from '../errors.js';
import type { AudioChunk, Leg as LegName } from '../ingest/index.js';
import { LegEar } from './leg-ear.js';
import type { DecoderState, LegState, OpenHole } from './leg-state.js';
import type { CallAnalysis, RecordContext, WindowHole, WindowSource } from './ports.js';
import { WindowLedger } from './window-ledger.js';
import type { WindowPool } from './window-pool.js';

export interface LegOptions {
  /** Windows with a smaller share of voiced blocks are not classified, 0…1. */
  readonly minVoicedShare: number;
  /** A jump of media time longer than this is refused as an error of the feed. */
  readonly maxGapMs: number;
  /** A leg that ends before its first window is classified padded with silence from this length on. */
  readonly minPartialMs: number;
  readonly voiceActivity: VoiceActivityOptions;
}

/**
 * One party of a call: audio chunks in, due windows and holes out.
 *
 * Always holds: every window that ends at or before the leg's media position has been announced or lies in the hole
 * that is open; what is announced does not depend on how the audio was cut into chunks, nor on how many workers the
 * leg has passed through. A leg that rehearses announces nothing.
 */
export class Leg {
  readonly #name: LegName;
  readonly #windows: WindowSource;
  readonly #analysis: CallAnalysis;
  readonly #pool: WindowPool;
  readonly #options: LegOptions;
  readonly #ear: LegEar;
  readonly #ledger = new WindowLedger((hole) => this.#announceHole(hole));
  #missReason: WindowHole['reason'] = 'gap';
  #lostMs = 0;
  #pausedMs = 0;
  /** Pauses of the call before this leg was first heard; its feed's clock may have counted them. */
  readonly #pausedBeforeMs: number;
  /** Whether the leg is one unbroken signal so far. */
  #whole = true;
  #context: Pick<RecordContext, 'skipDue' | 'arrivedAtMs'> = { skipDue: false, arrivedAtMs: 0 };
  /** What the leg is to be once its ear has been rebuilt. */
  #rehearsal: LegState | null = null;

  constructor(
    name: LegName,
    windows: WindowSource,
    analysis: CallAnalysis,
    pool: WindowPool,
    options: LegOptions,
    pausedBeforeMs: number,
  ) {
    this.#name = name;
    this.#windows = windows;
    this.#analysis = analysis;
    this.#pool = pool;
    this.#options = options;
    this.#pausedBeforeMs = pausedBeforeMs;
    this.#ear = new LegEar(windows, options.voiceActivity, {
      onBlock: this.#onBlock,
      onWindow: this.#onWindow,
    });
  }

  /**
   * A leg that another worker left in `state`. It rehearses: its records from `state.replay.offset` on are to be given
   * to it once more, then {@link takeUp} lets it go on. A record that was refused then is refused again.
   */
  static resume(
    name: LegName,
    windows: WindowSource,
    analysis: CallAnalysis,
    pool: WindowPool,
    options: LegOptions,
    state: LegState,
  ): Leg {
    const leg = new Leg(name, windows, analysis, pool, options, state.pausedBeforeMs);
    const { decoder, position } = state.replay;
    // A leg that begins at its very first sample must not take that for the end of a hole.
    if (!state.whole || decoder.next > 0) leg.#ear.beginAt(decoder, position);
    leg.#rehearsal = state;
    return leg;
  }

  /**
   * Ends the rehearsal: the leg is as its state says, and announces again.
   *
   * @returns false where the records given to it did not lead there: it has then begun anew, as after a gap of length 0
   */
  takeUp(): boolean {
    const state = this.#rehearsal;
    if (state === null) return true;
    const isRebuilt = this.#ear.position === state.position && isSame(this.#ear.decoder, state.decoder);
    this.#ledger.restore(state.nextWindow, state.openHole);
    this.#missReason = state.missReason;
    this.#lostMs = state.lostMs;
    this.#pausedMs = state.pausedMs;
    this.#whole = state.whole;
    if (!isRebuilt) this.#beginAnew(state);
    this.#rehearsal = null;
    return isRebuilt;
  }

  get mediaMs(): number {
    return this.#ear.mediaMs;
  }

  /** Offset of the record from which on the leg can be rebuilt, or {@link NO_REPLAY}. */
  get replayFrom(): number {
    return this.#rehearsal?.replay.offset ?? this.#ear.replayFrom;
  }

  /** Between two records: all that {@link resume} needs elsewhere. */
  state(): LegState {
    if (this.#rehearsal !== null) return this.#rehearsal;
    return {
      replay: this.#ear.replay,
      decoder: this.#ear.decoder,
      position: this.#ear.position,
      nextWindow: this.#ledger.next,
      openHole: this.#ledger.openHole,
      missReason: this.#missReason,
      lostMs: this.#lostMs,
      pausedMs: this.#pausedMs,
      pausedBeforeMs: this.#pausedBeforeMs,
      whole: this.#whole,
    };
  }

  /** @returns false where all of the chunk had been heard before */
  chunk(chunk: AudioChunk, context: RecordContext): boolean {
    this.#context = context;
    const missingMs = this.#ear.missingMs(chunk);
    const { maxGapMs } = this.#options;
    if (missingMs > maxGapMs) throw gapTooLong(missingMs, maxGapMs);
    if (missingMs > 0) this.#ear.forget();
    this.#ear.mark(context.offset);
    if (missingMs > 0) this.#jump(missingMs);
    const isNew = this.#ear.chunk(chunk);
    this.#reportProgress();
    return isNew || missingMs >= 0;
  }

  /** Audio from `offsetMs` on is known to be lost. The log bounds what such a record may say. */
  lost(offsetMs: number, durationMs: number): void {
    const lostMs = offsetMs + durationMs - this.#ear.inputMs;
    if (lostMs <= 0) return;
    this.#ear.forget();
    this.#lose(lostMs);
  }

  /** From now on audio is withheld: what was heard before bears on nothing that comes, whenever {@link pause} comes. */
  suspend(): void {
    this.#ear.forget();
    this.#skip(0, 'pause');
  }

  /** Audio was withheld for `durationMs` of media time, which may be 0: no window spans it all the same. */
  pause(durationMs: number): void {
    this.#ear.forget();
    this.#withhold(durationMs);
  }

  end(): void {
    this.#ear.flush();
    this.#ledger.missUntil(this.#windows.windowsEndingBy(this.#ear.position), this.#missReason);
    this.#ledger.close();
    const isShort = this.#ledger.next === 0 && this.mediaMs >= this.#options.minPartialMs;
    if (isShort && this.#whole) this.#announcePartial();
    this.#reportProgress();
  }

  /** Nothing but a chunk's offset says that time has passed. */
  #jump(durationMs: number): void {
    const paused = this.#ear.position === 0 ? Math.min(durationMs, this.#pausedBeforeMs) : 0;
    if (paused > 0) this.#withhold(paused);
    if (durationMs > paused) this.#lose(durationMs - paused);
  }

  #withhold(durationMs: number): void {
    this.#pausedMs += durationMs;
    this.#skip(durationMs, 'pause');
  }

  #lose(durationMs: number): void {
    this.#lostMs += durationMs;
    this.#skip(durationMs, 'gap');
  }

  #skip(durationMs: number, reason: WindowHole['reason']): void {
    this.#ear.flush();
    this.#ear.skip(durationMs);
    this.#whole = false;
    this.#missReason = reason;
    this.#reportProgress();
  }

  /** The audio that a leg in `state` had heard is not to be had. */
  #beginAnew({ decoder, position }: LegState): void {
    this.#ear.beginAt({ ...decoder, origin: decoder.next }, position);
    this.#skip(0, 'gap');
  }

  readonly #onBlock = (block: number, voiced: boolean): void => {
    if (this.#rehearsal === null) this.#analysis.voice(this.#name, block, voiced);
  };

  readonly #onWindow = (windowIndex: number): void => {
    if (this.#rehearsal !== null) return;
    this.#ledger.missUntil(windowIndex, this.#missReason);
    if (this.#context.skipDue) {
      this.#ledger.missUntil(windowIndex + 1, 'overload');
      return;
    }
    this.#ledger.heard();
    this.#announce(windowIndex, this.#windows.endMs(windowIndex), false);
  };

  #announcePartial(): void {
    this.#ledger.heard();
    this.#announce(0, this.mediaMs, true);
  }

  #announce(windowIndex: number, endMs: number, partial: boolean): void {
    const startMs = this.#windows.startMs(windowIndex);
    const heard = this.#ear.voiceIn(startMs, endMs);
    const input =
      heard.voicedShare < this.#options.minVoicedShare ? null : this.#pool.take(this.#windows.windowLength);
    if (input !== null && partial) this.#windows.snapshotPartial(input);
    if (input !== null && !partial) this.#windows.snapshot(windowIndex, input);
    const release = () => {
      if (input !== null) this.#pool.give(input);
    };
    const { arrivedAtMs } = this.#context;
    const window = { windowIndex, startMs, endMs, ...heard, partial, arrivedAtMs, input, release };
    this.#analysis.window(this.#name, window);
  }

  #announceHole({ from, to, reason }: OpenHole): void {
    this.#analysis.hole(this.#name, {
      fromWindowIndex: from,
      toWindowIndex: to,
      startMs: this.#windows.startMs(from),
      endMs: this.#windows.endMs(to),
      reason,
    });
  }

  #reportProgress(): void {
    if (this.#rehearsal !== null) return;
    this.#analysis.progress(this.#name, {
      mediaMs: this.mediaMs,
      lostMs: this.#lostMs,
      pausedMs: this.#pausedMs,
    });
  }
}

function isSame(a: DecoderState, b: DecoderState): boolean {
  return a.rateHz === b.rateHz && a.next === b.next && a.origin === b.origin;
}

function gapTooLong(durationMs: number, maxGapMs: number): UndertoneError {
  return new UndertoneError(
    'UT_CALLS_GAP_TOO_LONG',
    `Media time would jump by ${Math.round(durationMs)} ms; at most ${maxGapMs} ms are believed.`,
  );
}
