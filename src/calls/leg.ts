import { VoiceActivity, type VoiceActivityOptions } from '../audio/index.js';
import { UndertoneError } from '../errors.js';
import { type AudioChunk, type Leg as LegName, VOICE_BLOCK_MS } from '../ingest/index.js';
import { LegDecoder } from './leg-decoder.js';
import type { CallAnalysis, RecordContext, WindowHole, WindowSource } from './ports.js';
import { VoiceTrack } from './voice-track.js';
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

/** Samples that are handed on at once: voice activity is never further behind the windows than this. */
const SLICE_SAMPLES = 256;

/**
 * One party of a call: audio chunks in, due windows and holes out.
 *
 * Always holds: #position is the leg's media position in samples of the front end's rate, gaps and pauses included;
 * every window that ends at or before it has been announced or lies in the hole that is open; and what is announced
 * does not depend on how the audio was cut into chunks.
 */
export class Leg {
  readonly #name: LegName;
  readonly #windows: WindowSource;
  readonly #analysis: CallAnalysis;
  readonly #pool: WindowPool;
  readonly #options: LegOptions;
  readonly #decoder: LegDecoder;
  readonly #track: VoiceTrack;
  readonly #blockSamples: number;
  #voice: VoiceActivity;
  #firstBlock = 0;
  /** Samples until the next block begins, after a hole. */
  #voiceDiscard = 0;
  #position = 0;
  #nextWindow = 0;
  #openHole: { from: number; to: number; reason: WindowHole['reason'] } | null = null;
  #missReason: WindowHole['reason'] = 'gap';
  #lostMs = 0;
  #pausedMs = 0;
  /** Pauses of the call before this leg was first heard; its feed's clock may have counted them. */
  readonly #pausedBeforeMs: number;
  /** Whether the leg is one unbroken signal so far. */
  #whole = true;
  #context: RecordContext = { skipDue: false, arrivedAtMs: 0 };

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
    this.#decoder = new LegDecoder(windows.sampleRateHz);
    this.#blockSamples = (windows.sampleRateHz * VOICE_BLOCK_MS) / 1000;
    this.#track = new VoiceTrack(
      Math.ceil(windows.endMs(0) / VOICE_BLOCK_MS + SLICE_SAMPLES / this.#blockSamples) + 1,
    );
    this.#voice = new VoiceActivity(windows.sampleRateHz, options.voiceActivity);
  }

  get mediaMs(): number {
    return (this.#position * 1000) / this.#windows.sampleRateHz;
  }

  /** @returns false where all of the chunk had been heard before */
  chunk(chunk: AudioChunk, context: RecordContext): boolean {
    this.#context = context;
    const ahead = this.#decoder.samplesAhead(chunk);
    if (ahead > 0) this.#jump((ahead * 1000) / chunk.sampleRateHz);
    const samples = this.#decoder.decode(chunk);
    this.#hear(samples);
    return samples.length > 0 || ahead >= 0;
  }

  /** Audio from `offsetMs` on is known to be lost. The log bounds what such a record may say. */
  lost(offsetMs: number, durationMs: number): void {
    this.#lose(offsetMs + durationMs - this.#decoder.inputMs);
  }

  /** Audio was withheld for `durationMs` of media time, which may be 0: no window spans it all the same. */
  pause(durationMs: number): void {
    this.#pausedMs += durationMs;
    this.#skip(durationMs, 'pause');
  }

  end(): void {
    this.#hear(this.#decoder.flush());
    this.#miss(this.#nextWindow, this.#windows.windowsEndingBy(this.#position) - 1, this.#missReason);
    this.#closeHole();
    const isShort = this.#nextWindow === 0 && this.mediaMs >= this.#options.minPartialMs;
    if (isShort && this.#whole) this.#announcePartial();
    this.#reportProgress();
  }

  /** Nothing but a chunk's offset says that time has passed. */
  #jump(durationMs: number): void {
    if (durationMs > this.#options.maxGapMs) throw gapTooLong(durationMs, this.#options.maxGapMs);
    const paused = this.#position === 0 ? Math.min(durationMs, this.#pausedBeforeMs) : 0;
    if (paused > 0) this.pause(paused);
    this.#lose(durationMs - paused);
  }

  #lose(durationMs: number): void {
    if (durationMs <= 0) return;
    this.#lostMs += durationMs;
    this.#skip(durationMs, 'gap');
  }

  #skip(durationMs: number, reason: WindowHole['reason']): void {
    this.#hear(this.#decoder.flush());
    this.#decoder.skip(durationMs);
    this.#whole = false;
    this.#position = Math.max(this.#position, this.#decoder.outputPosition);
    this.#missReason = reason;
    this.#windows.skipTo(this.#position);
    this.#voice = new VoiceActivity(this.#windows.sampleRateHz, this.#options.voiceActivity);
    this.#firstBlock = Math.ceil(this.#position / this.#blockSamples);
    this.#voiceDiscard = Math.ceil(this.#firstBlock * this.#blockSamples) - this.#position;
    this.#reportProgress();
  }

  #hear(samples: Float32Array): void {
    for (let at = 0; at < samples.length; at += SLICE_SAMPLES) {
      const slice = samples.subarray(at, at + SLICE_SAMPLES);
      const skipped = Math.min(this.#voiceDiscard, slice.length);
      this.#voiceDiscard -= skipped;
      this.#position += slice.length;
      this.#voice.push(slice.subarray(skipped), this.#onBlock);
      this.#windows.push(slice, this.#onWindow);
    }
    this.#reportProgress();
  }

  readonly #onBlock = (block: number, voiced: boolean, rmsDbfs: number): void => {
    this.#track.set(this.#firstBlock + block, voiced, 10 ** (rmsDbfs / 10));
    this.#analysis.voice(this.#name, this.#firstBlock + block, voiced);
  };

  readonly #onWindow = (windowIndex: number): void => {
    this.#miss(this.#nextWindow, windowIndex - 1, this.#missReason);
    this.#nextWindow = windowIndex + 1;
    if (this.#context.skipDue) {
      this.#miss(windowIndex, windowIndex, 'overload');
      return;
    }
    this.#closeHole();
    this.#announce(windowIndex, this.#windows.endMs(windowIndex), false);
  };

  #announcePartial(): void {
    this.#nextWindow = 1;
    this.#announce(0, this.mediaMs, true);
  }

  #announce(windowIndex: number, endMs: number, partial: boolean): void {
    const startMs = this.#windows.startMs(windowIndex);
    const heard = this.#track.over(Math.round(startMs / VOICE_BLOCK_MS), Math.floor(endMs / VOICE_BLOCK_MS));
    const input = heard.voicedShare < this.#options.minVoicedShare ? null : this.#pool.take();
    if (input !== null && partial) this.#windows.snapshotPartial(input);
    if (input !== null && !partial) this.#windows.snapshot(windowIndex, input);
    const release = () => {
      if (input !== null) this.#pool.give(input);
    };
    const { arrivedAtMs } = this.#context;
    const window = { windowIndex, startMs, endMs, ...heard, partial, arrivedAtMs, input, release };
    this.#analysis.window(this.#name, window);
  }

  /** Windows [from, to] will never be heard; neighbours of one reason become one hole. */
  #miss(from: number, to: number, reason: WindowHole['reason']): void {
    if (to < from) return;
    if (this.#openHole?.reason !== reason) this.#closeHole();
    this.#openHole = { from: this.#openHole?.from ?? from, to, reason };
    this.#nextWindow = to + 1;
  }

  #closeHole(): void {
    if (this.#openHole === null) return;
    const { from, to, reason } = this.#openHole;
    this.#openHole = null;
    this.#analysis.hole(this.#name, {
      fromWindowIndex: from,
      toWindowIndex: to,
      startMs: this.#windows.startMs(from),
      endMs: this.#windows.endMs(to),
      reason,
    });
  }

  #reportProgress(): void {
    this.#analysis.progress(this.#name, {
      mediaMs: this.mediaMs,
      lostMs: this.#lostMs,
      pausedMs: this.#pausedMs,
    });
  }
}

function gapTooLong(durationMs: number, maxGapMs: number): UndertoneError {
  return new UndertoneError(
    'UT_CALLS_GAP_TOO_LONG',
    `Media time would jump by ${Math.round(durationMs)} ms; at most ${maxGapMs} ms are believed.`,
  );
}
