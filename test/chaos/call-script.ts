import type { NewRecord } from '../../src/bus/index.js';
import {
  type AudioChunk,
  type AudioLogRecord,
  encodeAudioRecord,
  VOICE_BLOCK_MS,
} from '../../src/ingest/index.js';
import { Random } from '../../src/training/random.js';
import { type CallPlan, type Passage, takesTime } from './call-plan.js';
import { poisonRecord } from './poison.js';

/** A record, and when it is due after the call's beginning, in the time of the call. */
export interface TimedRecord {
  readonly atMs: number;
  readonly record: NewRecord;
  /** It must become a dead letter. */
  readonly poison: boolean;
}

/** Of the default front end: hop and length of a window, in samples at 8 kHz. */
const WINDOW_HOP = 32 * 128;
const WINDOW_LENGTH = 127 * 128 + 256;
const AGENT_BLOCKS = 50;

/** Windows of the customer's leg that points and holes must account for; null where that is not certain. */
export function expectedWindows(plan: CallPlan): number | null {
  if (plan.end === 'erased') return null;
  const mediaMs = plan.passages.filter(movesOn).reduce((sum, { ms }) => sum + ms, 0);
  return Math.max(0, Math.floor((mediaMs * 8 - WINDOW_LENGTH) / WINDOW_HOP) + 1);
}

const TELLS_POSITION: readonly Passage['kind'][] = ['speech', 'quiet', 'lost'];

/** Media time goes on, except where a feed's clock stands still. A jump that nothing follows is never heard of. */
function movesOn(passage: Passage, index: number, passages: readonly Passage[]): boolean {
  if (!takesTime(passage) || passage.kind === 'frozen-pause') return false;
  return (
    passage.kind !== 'jump' || passages.slice(index + 1).some(({ kind }) => TELLS_POSITION.includes(kind))
  );
}

/** All records of a call, in order. */
export function* scriptOf(plan: CallPlan): Generator<TimedRecord> {
  const call = new CallScript(plan);
  yield call.started();
  const erasedAt = plan.end === 'erased' ? Math.floor(plan.passages.length / 2) : -1;
  for (const [index, passage] of plan.passages.entries()) {
    if (index === erasedAt) yield call.record({ type: 'call.erased', ...call.base });
    yield* call.play(passage);
  }
  if (plan.end !== 'idle') yield call.record({ type: 'call.ended', ...call.base, reason: 'completed' });
  if (plan.late) yield { ...call.chunk(true), poison: true };
}

class CallScript {
  readonly #plan: CallPlan;
  readonly #random: Random;
  #atMs = 0;
  #mediaMs = 0;
  #agentBlocks = 0;
  #feed = 0;
  #seq = 0;
  #ordinal = 0;
  /** Position in the voice's signal: not the media position, so that calls differ. */
  #signalAt: number;
  #last: AudioChunk | null = null;

  constructor(plan: CallPlan) {
    this.#plan = plan;
    this.#random = new Random(`${plan.seed}/script`);
    this.#signalAt = this.#random.integer(0, 100_000);
  }

  get base() {
    const { callId, seed } = this.#plan;
    return { callId, tenant: 'acme', feedId: `${seed}/${this.#feed}` };
  }

  started(): TimedRecord {
    const legs = this.#plan.agent ? (['customer', 'agent'] as const) : (['customer'] as const);
    return this.record({
      type: 'call.started',
      ...this.base,
      live: true,
      notice: 'given',
      legs,
      feed: 'generic',
      queue: 'billing',
      synthetic: true,
    });
  }

  record(record: AudioLogRecord): TimedRecord {
    const encoded = encodeAudioRecord(record, { ordinal: this.#ordinal++ });
    return { atMs: this.#atMs, record: encoded, poison: false };
  }

  *play(passage: Passage): Generator<TimedRecord> {
    const { kind, ms } = passage;
    const { end } = this.#plan;
    if (kind === 'speech' || kind === 'quiet') yield* this.#sound(kind === 'speech', ms);
    else if (kind === 'pause' || kind === 'frozen-pause') yield* this.#pause(ms, kind === 'pause' ? ms : 0);
    else if (kind === 'repeat' && this.#last !== null && end !== 'erased')
      yield { ...this.record(this.#last), poison: true };
    else if (kind === 'new-feed') yield this.#newFeed();
    else if (kind === 'poison' && end !== 'erased') yield this.#poison();
    else if (kind === 'lost') yield* this.#lost(ms);
    else if (kind === 'jump') this.#skip(ms);
  }

  /** The next chunk, which is then heard, or is not. */
  chunk(speaks: boolean): TimedRecord {
    const { voice, chunkMs } = this.#plan;
    const samples = (voice.sampleRateHz * chunkMs) / 1000;
    this.#last = {
      type: 'audio.chunk',
      ...this.base,
      leg: 'customer',
      encoding: voice.encoding,
      sampleRateHz: voice.sampleRateHz,
      channels: 1,
      seq: this.#seq++,
      offsetSamples: (this.#mediaMs * voice.sampleRateHz) / 1000,
      bytes: voice.bytes(this.#signalAt, samples, speaks),
    };
    this.#signalAt += samples;
    return this.record(this.#last);
  }

  *#sound(speaks: boolean, ms: number): Generator<TimedRecord> {
    const { chunkMs } = this.#plan;
    for (let done = 0; done < ms; done += chunkMs) {
      this.#atMs += chunkMs;
      yield this.chunk(speaks);
      this.#mediaMs += chunkMs;
      yield* this.#agent();
    }
  }

  *#agent(): Generator<TimedRecord> {
    const { agent } = this.#plan;
    while (agent && this.#mediaMs >= (this.#agentBlocks + AGENT_BLOCKS) * VOICE_BLOCK_MS) {
      const from = this.#agentBlocks;
      const voiced = Array.from({ length: AGENT_BLOCKS }, (_, n) => Math.floor((from + n) / 170) % 3 === 1);
      this.#agentBlocks += AGENT_BLOCKS;
      yield this.record({ type: 'voice.activity', ...this.base, leg: 'agent', firstBlock: from, voiced });
    }
  }

  *#pause(ms: number, durationMs: number): Generator<TimedRecord> {
    yield this.record({ type: 'call.paused', ...this.base });
    yield this.chunk(true);
    this.#atMs += ms;
    this.#mediaMs += durationMs;
    yield this.record({ type: 'call.resumed', ...this.base, durationMs });
  }

  *#lost(durationMs: number): Generator<TimedRecord> {
    const offsetMs = this.#mediaMs;
    this.#skip(durationMs);
    yield this.record({ type: 'audio.lost', ...this.base, leg: 'customer', offsetMs, durationMs });
  }

  #skip(ms: number): void {
    this.#atMs += ms;
    this.#mediaMs += ms;
  }

  #newFeed(): TimedRecord {
    this.#feed++;
    this.#seq = 0;
    return this.started();
  }

  #poison(): TimedRecord {
    const { record } = this.#last === null ? this.started() : this.record(this.#last);
    return { atMs: this.#atMs, record: poisonRecord(this.#random, record), poison: true };
  }
}
