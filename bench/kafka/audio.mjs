import { encodeG711 } from '../../dist/audio/index.js';
import { partitionOfKey } from '../../dist/bus/index.js';
import { encodeAudioRecord } from '../../dist/ingest/index.js';
import { benchSpeech } from '../signal.mjs';
import { PARTITIONS } from './stage.mjs';

export const CHUNK_MS = 20;
const CHUNK_SAMPLES = 160;
const SPEECH = encodeG711('mulaw', benchSpeech(60));

/** One call of the bench: 20 ms chunks of µ-law at 8 kHz, one leg. Calls say the same, from different places on. */
export class BenchCall {
  #of;
  #at;
  #ordinal = 0;
  #seq = 0;

  constructor(index) {
    this.callId = `call-${index}`;
    this.#of = { callId: this.callId, tenant: 'bench', feedId: `feed-${index}` };
    this.partition = partitionOfKey(this.callId, PARTITIONS);
    this.#at = (index * 37 * CHUNK_SAMPLES) % SPEECH.length;
  }

  /** Chunks made so far. */
  get chunks() {
    return this.#seq;
  }

  started() {
    const about = { live: true, notice: 'given', legs: ['customer'], feed: 'bench' };
    return this.#message({ ...this.#of, ...about, type: 'call.started' });
  }

  chunk() {
    const bytes = SPEECH.subarray(this.#at, this.#at + CHUNK_SAMPLES);
    this.#at = (this.#at + CHUNK_SAMPLES) % SPEECH.length;
    const seq = this.#seq++;
    const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1 };
    const place = { leg: 'customer', seq, offsetSamples: seq * CHUNK_SAMPLES };
    return this.#message({ ...this.#of, ...format, ...place, type: 'audio.chunk', bytes });
  }

  ended() {
    return this.#message({ ...this.#of, type: 'call.ended', reason: 'completed' });
  }

  /** As kafkajs sends it. */
  #message(record) {
    const { key, value, headers } = encodeAudioRecord(record, {
      ordinal: this.#ordinal++,
      timeMs: Date.now(),
    });
    return {
      key,
      value: Buffer.from(value.buffer, value.byteOffset, value.length),
      headers,
      partition: this.partition,
    };
  }
}
