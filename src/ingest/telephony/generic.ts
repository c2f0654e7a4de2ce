import { BYTES_PER_SAMPLE, decodeSamples } from '../../audio/index.js';
import { errorCodeOf } from '../../errors.js';
import { Deinterleaver } from './deinterleaver.js';
import {
  type FeedEvent,
  type FeedFault,
  type FeedParser,
  type FeedStart,
  type FeedStep,
  type IgnoredReason,
  MAX_STATED_MS,
} from './feed-event.js';
import { readGenericStart } from './generic-start.js';
import { badMessage, isMessage, type JsonMessage, parseMessage, refused } from './json-message.js';

type State = 'connected' | 'streaming' | 'paused' | 'stopped';
const KINDS = ['start', 'pause', 'resume', 'lost', 'stop'] as const;
/** `audio` is any binary message. */
type Kind = (typeof KINDS)[number] | 'audio';
type Action = 'begin' | 'hear' | 'withhold' | 'discard' | 'go on' | 'skip' | 'end' | 'refuse' | IgnoredReason;

/** What each message means in each state. */
const TABLE: Readonly<Record<State, Readonly<Record<Kind, Action>>>> = {
  connected: {
    start: 'begin',
    pause: 'refuse',
    resume: 'refuse',
    lost: 'refuse',
    stop: 'refuse',
    audio: 'refuse',
  },
  streaming: {
    start: 'refuse',
    pause: 'withhold',
    resume: 'go on',
    lost: 'skip',
    stop: 'end',
    audio: 'hear',
  },
  paused: {
    start: 'refuse',
    pause: 'repeated',
    resume: 'go on',
    lost: 'audio-in-pause',
    stop: 'end',
    audio: 'discard',
  },
  stopped: {
    start: 'refuse',
    pause: 'after-stop',
    resume: 'after-stop',
    lost: 'after-stop',
    stop: 'after-stop',
    audio: 'after-stop',
  },
};

/** Undertone's own dialect: a JSON start, binary audio, JSON stop. See docs/integrators/generic.md. */
export function createGenericParser(): FeedParser {
  return new GenericParser();
}

class GenericParser implements FeedParser {
  #state: State = 'connected';
  #start: FeedStart | undefined;
  #deinterleaver: Deinterleaver | undefined;
  #discardedSamples = 0;

  text(text: string): FeedStep {
    const message = parseMessage(text);
    if (!isMessage(message)) return message;
    const kind = KINDS.find((known) => known === message.event);
    if (!kind) return badMessage(`"event" is none of ${KINDS.join(', ')}.`);
    return this.#act(TABLE[this.#state][kind], kind, message);
  }

  binary(bytes: Uint8Array): FeedStep {
    const action = TABLE[this.#state].audio;
    if (action === 'hear') return this.#hear(bytes);
    if (action === 'discard') return this.#discard(bytes);
    return this.#act(action, 'audio', { event: 'audio' });
  }

  #act(action: Action, kind: Kind, message: JsonMessage): FeedStep {
    switch (action) {
      case 'begin':
        return this.#begin(message);
      case 'withhold':
        this.#state = 'paused';
        return [{ type: 'pause' }];
      case 'go on':
        return this.#goOn(message);
      case 'skip':
        return this.#skip(message);
      case 'end':
        this.#state = 'stopped';
        return [{ type: 'stop' }];
      case 'refuse':
        return refused('UT_INGEST_OUT_OF_ORDER', `${kind} came ${this.#start ? 'after' : 'before'} start.`);
      default:
        return [{ type: 'ignored', reason: action as IgnoredReason }];
    }
  }

  #begin(message: JsonMessage): FeedStep {
    const start = readGenericStart(message);
    if ('closeCode' in start) return start;
    this.#start = start;
    this.#deinterleaver = new Deinterleaver(start.legs.length, BYTES_PER_SAMPLE[start.encoding]);
    this.#state = 'streaming';
    return [start];
  }

  #hear(bytes: Uint8Array): FeedStep {
    const channels = this.#deinterleaver!.push(bytes);
    if (channels[0]!.length === 0) return NOTHING_YET;
    const bad =
      this.#start!.encoding.startsWith('f32') && channels.some((channel) => !this.#isFinite(channel));
    if (bad) return NOT_FINITE;
    return channels.map((channel, index) => ({
      type: 'audio',
      leg: this.#start!.legs[index]!,
      bytes: channel,
    }));
  }

  /** Integers are always good; a float may be none. */
  #isFinite(channel: Uint8Array): boolean {
    try {
      decodeSamples(this.#start!.encoding, channel, new Float32Array(channel.length));
      return true;
    } catch (error) {
      if (errorCodeOf(error) === NOT_FINITE.code) return false;
      throw error;
    }
  }

  /** Audio that a sender should not have sent: only its length is kept. */
  #discard(bytes: Uint8Array): FeedStep {
    const [channel] = this.#deinterleaver!.push(bytes);
    this.#discardedSamples += channel!.length / BYTES_PER_SAMPLE[this.#start!.encoding];
    return [{ type: 'ignored', reason: 'audio-in-pause' }];
  }

  /** A feed may say so without having announced a pause: it has come in place of one that did, and broke. */
  #goOn(message: JsonMessage): FeedStep {
    const discardedMs = (1000 * this.#discardedSamples) / this.#start!.sampleRateHz;
    const durationMs = message.durationMs === undefined ? discardedMs : statedMs(message.durationMs);
    if (durationMs === undefined) return badDuration('resume');
    this.#state = 'streaming';
    this.#discardedSamples = 0;
    return [{ type: 'resume', durationMs }];
  }

  #skip(message: JsonMessage): FeedStep {
    const durationMs = statedMs(message.durationMs);
    if (durationMs === undefined) return badDuration('lost');
    return this.#start!.legs.map((leg): FeedEvent => ({ type: 'lost', leg, durationMs }));
  }
}

const NOTHING_YET: FeedStep = [];
const NOT_FINITE: FeedFault = {
  closeCode: 1007,
  code: 'UT_AUDIO_NOT_FINITE',
  message: 'the audio holds a float that is NaN, infinite or far beyond ±1.',
};

function statedMs(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= MAX_STATED_MS ? value : undefined;
}

function badDuration(event: string): FeedStep {
  return badMessage(`durationMs of ${event} is not a number from 0 to ${MAX_STATED_MS}.`);
}
