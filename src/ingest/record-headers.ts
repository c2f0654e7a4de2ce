import {
  type AudioFormat,
  BYTES_PER_SAMPLE,
  ENCODINGS,
  MAX_SAMPLE_RATE_HZ,
  MIN_SAMPLE_RATE_HZ,
} from '../audio/index.js';
import type { BusRecord } from '../bus/index.js';
import { UndertoneError } from '../errors.js';
import { LEGS, type Leg } from './audio-log.js';

const WHOLE_NUMBER = /^(0|[1-9]\d{0,15})$/;
const MAX_CHANNELS = 2;
/** A clock that is ahead of the log's by more is wrong, and so may be all else that its producer says. */
const MAX_AHEAD_MS = 600_000;
/** Longest chunk: what comes at once must not be more than the model can follow. */
const MAX_CHUNK_MS = 30_000;
/** What stands in a header, or is the id of a call, is repeated in every result. */
const MAX_TEXT_CHARS = 512;
/** As much of a bad value as a message shows. */
const SHOWN_CHARS = 60;

/** Reads headers of one record; every complaint names the record and the header. */
export class RecordHeaders {
  constructor(readonly record: BusRecord) {}

  text(name: string): string {
    const value = Object.hasOwn(this.record.headers, name) ? this.record.headers[name] : undefined;
    if (value === undefined || value === '') throw this.fault(`header ${name}`, 'is missing.');
    if (value.length > MAX_TEXT_CHARS) {
      throw this.fault(`header ${name}`, `has ${value.length} characters; ${MAX_TEXT_CHARS} are allowed.`);
    }
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.text(name);
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw this.#wrong(name, value, `is none of ${allowed.join(', ')}.`);
    return found;
  }

  /** A whole number from 0 to 2⁵³ - 1. */
  count(name: string): number {
    const value = this.text(name);
    const count = WHOLE_NUMBER.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(count)) throw this.#wrong(name, value, 'is not a whole number.');
    return count;
  }

  /** The key is the id of the call. */
  checkKey(): void {
    const { key } = this.record;
    if (key === '') throw this.fault('key', 'is missing; it is the id of the call, in UTF-8.');
    if (key.length <= MAX_TEXT_CHARS) return;
    throw this.fault('key', `has ${key.length} characters; ${MAX_TEXT_CHARS} are allowed.`);
  }

  /** `ce_time`, where there is one, must not lie in the future. */
  checkTime(): void {
    const text = this.record.headers.ce_time;
    if (text === undefined) return;
    const timeMs = Date.parse(text);
    if (Number.isNaN(timeMs)) throw this.#wrong('ce_time', text, 'is no RFC 3339 time.');
    const aheadMs = timeMs - this.record.timestampMs;
    if (aheadMs <= MAX_AHEAD_MS) return;
    throw this.#wrong('ce_time', text, `is ${Math.round(aheadMs / 1000)} s ahead of the log's clock.`);
  }

  leg(): Leg {
    return this.oneOf('leg', LEGS);
  }

  audioFormat(byteLength: number): AudioFormat {
    const encoding = this.oneOf('encoding', ENCODINGS);
    const sampleRateHz = this.#countWithin('rate', MIN_SAMPLE_RATE_HZ, MAX_SAMPLE_RATE_HZ);
    const channels = this.#countWithin('channels', 1, MAX_CHANNELS);
    const frameBytes = BYTES_PER_SAMPLE[encoding] * channels;
    if (byteLength % frameBytes !== 0) {
      throw this.fault('value', `has ${byteLength} bytes, which is no multiple of ${frameBytes}.`);
    }
    const durationMs = (byteLength / frameBytes / sampleRateHz) * 1000;
    if (durationMs > MAX_CHUNK_MS) {
      const problem = `holds ${Math.round(durationMs)} ms of audio; ${MAX_CHUNK_MS} ms may come at once.`;
      throw this.fault('value', problem);
    }
    return { encoding, sampleRateHz, channels };
  }

  fault(where: string, problem: string): UndertoneError {
    const { topic, partition, offset } = this.record;
    const place = `${topic}/${partition}/${offset} ${where}`;
    return new UndertoneError('UT_INGEST_BAD_RECORD', `it ${problem}`, { place });
  }

  #countWithin(name: string, least: number, most: number): number {
    const count = this.count(name);
    if (count < least || count > most)
      throw this.#wrong(name, String(count), `is not from ${least} to ${most}.`);
    return count;
  }

  #wrong(name: string, value: string, problem: string): UndertoneError {
    return this.fault(
      `header ${name}`,
      `says ${JSON.stringify(value.slice(0, SHOWN_CHARS))}, which ${problem}`,
    );
  }
}
