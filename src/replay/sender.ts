import { readAudioFile } from '../audio/index.js';
import { systemClock } from '../clock.js';
import { UndertoneError } from '../errors.js';
import { DIALECT, twilioSignature } from '../ingest/index.js';
import type { CallDescription, Framing, Recording } from './framing.js';
import { genericFraming } from './generic-framing.js';
import { assignLegs } from './legs.js';
import type { CallResult, SenderOptions } from './options.js';
import { type ReplayCall, replayCall } from './replay-call.js';
import { twilioFraming } from './twilio-framing.js';

const DEFAULT_ACCEPT_TIMEOUT_MS = 10_000;

/** A recording, ready to be sent any number of times. */
interface Source {
  readonly file: string;
  readonly framing: Framing;
  readonly durationMs: number;
}

/** One call to be played. */
export interface Playing extends Pick<ReplayCall, 'delayMs' | 'signal' | 'onSent'> {
  readonly callId: string;
  /** Which of {@link Sender.recordings}. */
  readonly recording: number;
}

/** Recordings that were read and encoded once, and the gateway that calls with them go to. */
export class Sender {
  readonly #sources: readonly Source[];
  readonly #common: Omit<ReplayCall, 'file' | 'framing' | keyof Playing>;
  readonly #description: Omit<CallDescription, 'callId'>;

  private constructor(sources: readonly Source[], options: SenderOptions) {
    const { speed = 1, clock = systemClock, acceptTimeoutMs = DEFAULT_ACCEPT_TIMEOUT_MS } = options;
    const url = feedUrl(options);
    this.#sources = sources;
    this.#description = describe(options, speed);
    const description = { ...this.#description, callId: '' };
    this.#common = { url, headers: credentials(url, options), speed, clock, acceptTimeoutMs, description };
  }

  /** @throws UT_AUDIO_…, UT_CLI_LEGS, UT_CLI_REPLAY_OPTION; nothing is connected yet */
  static async load(options: SenderOptions): Promise<Sender> {
    checkOptions(options);
    const sources: Source[] = [];
    for (const file of options.files) sources.push(await loadSource(file, options));
    return new Sender(sources, options);
  }

  get recordings(): readonly Pick<Source, 'file' | 'durationMs'>[] {
    return this.#sources;
  }

  /** Plays one call to its end. Never rejects: what went wrong is in the result. */
  play({ callId, recording, delayMs, signal, onSent }: Playing): Promise<CallResult> {
    const { file, framing } = this.#sources[recording]!;
    const description = { ...this.#description, callId };
    return replayCall({ ...this.#common, file, framing, description, delayMs, signal, onSent });
  }
}

function checkOptions({ speed = 1, url, feed, live, randomChunks }: SenderOptions): void {
  const refuse = (option: string, detail: string): never => {
    throw new UndertoneError('UT_CLI_REPLAY_OPTION', detail, { place: option });
  };
  if (!(speed >= 0 && Number.isFinite(speed))) refuse('--speed', `${speed} is no number from 0.`);
  if (!URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol)) {
    refuse('--url', `"${url}" is no address of the form ws://host:port or wss://host:port.`);
  }
  if (live !== undefined && feed === 'twilio') {
    refuse('live', 'A Twilio stream is always live: only the generic feed can say otherwise.');
  }
  if (randomChunks && !(randomChunks.maxBytes >= 1)) refuse('--random-chunks', 'Chunks have 1 byte or more.');
}

async function loadSource(file: string, options: SenderOptions): Promise<Source> {
  const { clip, legs } = assignLegs(await readAudioFile(file), options.legs, file);
  const recording: Recording = { legs, channels: clip.channels, sampleRateHz: clip.sampleRateHz };
  const { encoding = 's16le', randomChunks } = options;
  const framing =
    options.feed === 'twilio'
      ? twilioFraming(recording, file)
      : genericFraming(recording, { encoding, randomChunks });
  return { file, framing, durationMs: (1000 * clip.channels[0]!.length) / clip.sampleRateHz };
}

function describe(options: SenderOptions, speed: number): Omit<CallDescription, 'callId'> {
  const { tenant, queue, notice, synthetic, live = speed === 1 } = options;
  return {
    live,
    ...(tenant === undefined ? {} : { tenant }),
    ...(queue === undefined ? {} : { queue }),
    ...(notice === undefined ? {} : { notice }),
    ...(synthetic === undefined ? {} : { synthetic }),
  };
}

function feedUrl({ url, feed }: SenderOptions): string {
  const address = new URL(url);
  if (address.pathname === '/') address.pathname = DIALECT[feed].path;
  return address.href;
}

function credentials(url: string, options: SenderOptions): Record<string, string> {
  const { bearerToken, twilioAuthToken, publicUrl = url } = options;
  const { pathname, search } = new URL(url);
  const signedUrl = `${webSocketOrigin(publicUrl)}${pathname}${search}`;
  return {
    ...(bearerToken === undefined ? {} : { Authorization: `Bearer ${bearerToken}` }),
    ...(twilioAuthToken === undefined
      ? {}
      : { 'X-Twilio-Signature': twilioSignature(twilioAuthToken, signedUrl) }),
  };
}

function webSocketOrigin(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol === 'ws:' || protocol === 'http:' ? 'ws' : 'wss'}://${host}`;
}
