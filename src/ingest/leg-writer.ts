import { BYTES_PER_SAMPLE, type Encoding, type VoiceActivityOptions } from '../audio/index.js';
import type { CancelTimer, Clock } from '../clock.js';
import type { Leg } from './audio-log.js';
import { MAX_DURATION_MS } from './control-value.js';
import type { FeedLog } from './feed-log.js';
import type { LegClock } from './leg-clock.js';
import type { LegUse } from './leg-policy.js';
import type { IngestObserver } from './observer.js';
import { RecordGatherer } from './record-gatherer.js';
import { VoiceGate } from './voice-gate.js';

/** Voice-activity blocks in one record: 512 ms. */
const BLOCKS_PER_RECORD = 32;
const SHORTEST_HOLE_MS = 1;
/** Legs that begin within so short a time of each other begin together: it is the jitter of the network. */
const SHORTEST_DELAY_MS = 100;

export interface LegWriterOptions {
  readonly leg: Leg;
  readonly use: LegUse;
  readonly live: boolean;
  readonly encoding: Encoding;
  readonly sampleRateHz: number;
  readonly clock: LegClock;
  /** Media time that the other legs of the call have reached at a wall clock; `undefined` while none was heard. */
  readonly reachedMs: (atMs: number) => number | undefined;
  readonly log: FeedLog;
  readonly observer: IngestObserver;
  readonly voiceActivity: VoiceActivityOptions;
  /** See `IngestLimits.recordMs`. */
  readonly recordMs: number;
  readonly wallClock: Clock;
}

/**
 * Writes what one feed delivers of one leg into the audio log.
 *
 * Of a leg whose audio is kept, a hole is a record of its own; where only voice activity is kept, the jump of its block
 * index says the same.
 *
 * What always holds: media time moves, and appends are begun, before anything is awaited; so two feeds of a call
 * may take turns at any await without records of a leg changing places. Audio is held back for `recordMs` at most, and
 * whatever else is written of the leg comes after it.
 */
export class LegWriter {
  #seq = 0;
  #heardHere = false;
  readonly #gatherer: RecordGatherer | undefined;
  readonly #gate: VoiceGate | undefined;
  /** Set while audio is held back. */
  #cancelHolding: CancelTimer | undefined;

  constructor(readonly options: LegWriterOptions) {
    const { use, encoding, sampleRateHz, voiceActivity, clock, recordMs } = options;
    if (use === 'emotion') this.#gatherer = new RecordGatherer(recordMs, sampleRateHz);
    if (use === 'voice-activity')
      this.#gate = new VoiceGate(encoding, sampleRateHz, voiceActivity, clock.offsetSamples);
  }

  /** @param arrivedAtMs wall clock when the message came in. */
  async audio(bytes: Uint8Array, arrivedAtMs: number): Promise<void> {
    const { clock, leg, sampleRateHz, observer } = this.options;
    const samples = bytes.length / BYTES_PER_SAMPLE[this.options.encoding];
    const durationMs = (1000 * samples) / sampleRateHz;
    const hole = this.#heardHere ? undefined : this.#markReturn(arrivedAtMs - durationMs);
    observer.audioHeard(leg, durationMs);
    if (this.#gatherer === undefined) observer.audioDropped(leg, durationMs);
    const chunk = this.#gather(bytes, samples);
    this.#gate?.push(bytes);
    clock.advance(samples);
    clock.lastHeardAtMs = arrivedAtMs;
    if (hole) await Promise.all([hole, chunk]);
    else await (chunk ?? this.#appendVoice(BLOCKS_PER_RECORD));
  }

  async lost(durationMs: number): Promise<void> {
    const { clock, log, leg, observer, use } = this.options;
    const heard = this.flush();
    const { offsetMs } = clock;
    clock.skip(durationMs);
    this.jumped();
    observer.audioLost(leg, durationMs);
    const hole =
      use === 'emotion' ? log.append({ type: 'audio.lost', leg, offsetMs, durationMs }) : undefined;
    await Promise.all([heard, hole]);
  }

  /** Writes what was heard and not yet written. */
  async flush(): Promise<void> {
    await Promise.all([this.#appendChunk(), this.#appendVoice(1)]);
  }

  /** The clock of the leg was moved: what comes next does not follow on what came last. */
  jumped(): void {
    this.#gate?.jump(this.options.clock.offsetSamples);
  }

  /** Before the first audio that a feed delivers of a leg there may be a hole. */
  async #markReturn(beganAtMs: number): Promise<void> {
    this.#heardHere = true;
    const isNew = this.options.clock.lastHeardAtMs === undefined;
    const holeMs = isNew ? this.#lateMs(beganAtMs) : this.#awayMs(beganAtMs);
    if (holeMs > 0) await this.lost(Math.min(holeMs, MAX_DURATION_MS));
  }

  /** Legs of a live call share one media time, whenever the feed of each comes; of a replay nobody knows. */
  #lateMs(beganAtMs: number): number {
    const { live, clock, reachedMs } = this.options;
    const lateMs = live ? (reachedMs(beganAtMs) ?? 0) - clock.offsetMs : 0;
    return lateMs < SHORTEST_DELAY_MS ? 0 : Math.round(lateMs);
  }

  /**
   * Where a feed takes up a leg that another lost, a live call went on meanwhile, so the hole is as long as the wall
   * clock says; of a replay nobody knows, and the shortest hole stands for it, so that no window spans it.
   */
  #awayMs(beganAtMs: number): number {
    const { live, clock } = this.options;
    return live ? Math.max(SHORTEST_HOLE_MS, Math.round(beganAtMs - clock.lastHeardAtMs!)) : SHORTEST_HOLE_MS;
  }

  /** @returns the append of the record that `bytes` completes, if they do */
  #gather(bytes: Uint8Array, samples: number): Promise<void> | undefined {
    const { clock, wallClock, recordMs } = this.options;
    if (this.#gatherer === undefined) return undefined;
    if (this.#gatherer.push(bytes, clock.offsetSamples, samples)) return this.#appendChunk();
    this.#cancelHolding ??= wallClock.setTimer(() => this.#holdOver(), recordMs);
    return undefined;
  }

  /** What completes the record did not come in time. */
  #holdOver(): void {
    // A log that fails has told of it.
    this.#appendChunk()?.catch(() => undefined);
  }

  #appendChunk(): Promise<void> | undefined {
    this.#cancelHolding?.();
    this.#cancelHolding = undefined;
    const gathered = this.#gatherer?.take();
    if (gathered === undefined) return undefined;
    const { log, leg, encoding, sampleRateHz } = this.options;
    const seq = this.#seq++;
    return log.append({ type: 'audio.chunk', leg, encoding, sampleRateHz, channels: 1, seq, ...gathered });
  }

  async #appendVoice(least: number): Promise<void> {
    const blocks = this.#gate?.take(least);
    if (blocks) await this.options.log.append({ type: 'voice.activity', leg: this.options.leg, ...blocks });
  }
}
