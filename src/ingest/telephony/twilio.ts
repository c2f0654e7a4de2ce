import { decodeBase64 } from './base64.js';
import type { FeedEvent, FeedParser, FeedStep, IgnoredReason } from './feed-event.js';
import { badMessage, isMessage, type JsonMessage, parseMessage, refused } from './json-message.js';
import { readTwilioStart, TWILIO_TRACKS, type TwilioStart, type TwilioTrack } from './twilio-start.js';
import { TwilioTrackCounter } from './twilio-track.js';

export interface TwilioOptions {
  /** The track that is the customer's voice, unless the custom parameter `customerTrack` says otherwise. */
  readonly customerTrack: TwilioTrack;
}

type State = 'connecting' | 'connected' | 'streaming' | 'stopped';
const KINDS = ['connected', 'start', 'media', 'dtmf', 'mark', 'stop'] as const;
type Kind = (typeof KINDS)[number] | 'unknown';
type Action = 'greet' | 'begin' | 'hear' | 'end' | 'refuse' | IgnoredReason;

/** What each message means in each state. */
const TABLE: Readonly<Record<State, Readonly<Record<Kind, Action>>>> = {
  connecting: {
    connected: 'greet',
    start: 'refuse',
    media: 'refuse',
    dtmf: 'refuse',
    mark: 'refuse',
    stop: 'refuse',
    unknown: 'unknown-event',
  },
  connected: {
    connected: 'refuse',
    start: 'begin',
    media: 'refuse',
    dtmf: 'dtmf',
    mark: 'mark',
    stop: 'refuse',
    unknown: 'unknown-event',
  },
  streaming: {
    connected: 'refuse',
    start: 'refuse',
    media: 'hear',
    dtmf: 'dtmf',
    mark: 'mark',
    stop: 'end',
    unknown: 'unknown-event',
  },
  stopped: {
    connected: 'refuse',
    start: 'refuse',
    media: 'after-stop',
    dtmf: 'after-stop',
    mark: 'after-stop',
    stop: 'after-stop',
    unknown: 'after-stop',
  },
};

const EXPECTED: Readonly<Record<State, string>> = {
  connecting: 'the first message must be "connected"',
  connected: '"start" must come first',
  streaming: 'the stream has started already',
  stopped: 'the stream has stopped; open a new connection for another',
};

/** Twilio Media Streams, and senders that follow it: `connected`, `start`, `media` …, `stop`, all JSON text. */
export function createTwilioParser(options: TwilioOptions): FeedParser {
  return new TwilioParser(options);
}

class TwilioParser implements FeedParser {
  #state: State = 'connecting';
  #stream: TwilioStart | undefined;
  readonly #counters = { inbound: new TwilioTrackCounter(), outbound: new TwilioTrackCounter() };

  constructor(readonly options: TwilioOptions) {}

  text(text: string): FeedStep {
    const message = parseMessage(text);
    if (!isMessage(message)) return message;
    const kind = KINDS.find((known) => known === message.event) ?? 'unknown';
    return this.#act(TABLE[this.#state][kind], kind, message);
  }

  binary(): FeedStep {
    return refused('UT_INGEST_BINARY_FRAME', 'all messages of Twilio Media Streams are text.');
  }

  #act(action: Action, kind: Kind, message: JsonMessage): FeedStep {
    switch (action) {
      case 'greet':
        this.#state = 'connected';
        return [];
      case 'begin':
        return this.#begin(message);
      case 'hear':
        return this.#hear(message);
      case 'end':
        this.#state = 'stopped';
        return [{ type: 'stop' }];
      case 'refuse':
        return refused('UT_INGEST_OUT_OF_ORDER', `"${kind}" came, but ${EXPECTED[this.#state]}.`);
      default:
        return [{ type: 'ignored', reason: action }];
    }
  }

  #begin(message: JsonMessage): FeedStep {
    const start = readTwilioStart(message, this.options.customerTrack);
    if ('closeCode' in start) return start;
    this.#stream = start;
    this.#state = 'streaming';
    return [start.event];
  }

  #hear(message: JsonMessage): FeedStep {
    const media = this.#readMedia(message);
    if ('closeCode' in media) return media;
    const { leg, track, chunk, bytes } = media;
    const { lostMs, renumbered } = this.#counters[track].take(chunk, bytes.length);
    const events: FeedEvent[] = [];
    if (lostMs > 0) events.push({ type: 'lost', leg, durationMs: lostMs });
    if (renumbered) events.push({ type: 'ignored', reason: 'renumbered' });
    events.push(
      bytes.length > 0 ? { type: 'audio', leg, bytes } : { type: 'ignored', reason: 'empty-audio' },
    );
    return events;
  }

  #readMedia({ streamSid, media }: JsonMessage) {
    const stream = this.#stream!;
    if (typeof streamSid === 'string' && stream.streamSid !== undefined && streamSid !== stream.streamSid) {
      return refused('UT_INGEST_OUT_OF_ORDER', '"media" belongs to another stream than "start".');
    }
    if (typeof media !== 'object' || media === null) return badMessage('"media" has no field media.');
    const { track: sentTrack, chunk, payload } = media as Record<string, unknown>;
    const track = TWILIO_TRACKS.find((known) => known === sentTrack);
    const leg = track && stream.legOf[track];
    if (!track || !leg) {
      return badMessage(
        `media.track is none of the tracks of start: ${Object.keys(stream.legOf).join(', ')}.`,
      );
    }
    if (typeof payload !== 'string') return badMessage('media.payload is not a string.');
    const bytes = decodeBase64(payload);
    if (!bytes) {
      const message = 'media.payload is not standard base64.';
      return { closeCode: 1007, code: 'UT_INGEST_BAD_BASE64', message } as const;
    }
    return { leg, track, chunk, bytes };
  }
}
