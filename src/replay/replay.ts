import { randomBytes } from 'node:crypto';
import { readAudioFile } from '../audio/index.js';
import { systemClock } from '../clock.js';
import { UndertoneError } from '../errors.js';
import { DIALECT, twilioSignature } from '../ingest/index.js';
import type { CallDescription, Framing, Recording } from './framing.js';
import { genericFraming } from './generic-framing.js';
import { assignLegs } from './legs.js';
import type { CallResult, ReplayOptions } from './options.js';
import { type ReplayCall, replayCall } from './replay-call.js';
import { twilioFraming } from './twilio-framing.js';

const DEFAULT_SPREAD_MS = 500;
const DEFAULT_ACCEPT_TIMEOUT_MS = 10_000;

/** A file, ready to be sent any number of times. */
interface Source {
  readonly file: string;
  readonly framing: Framing;
  readonly durationMs: number;
}

/**
 * Plays recordings into a gateway over real connections, as the vendor would.
 *
 * @returns a result for each call, failed ones too.
 * @throws UT_AUDIO_…, UT_CLI_LEGS, UT_CLI_REPLAY_OPTION before the first connection.
 */
export async function replay(options: ReplayOptions): Promise<readonly CallResult[]> {
  checkOptions(options);
  const sources: Source[] = [];
  for (const file of options.files) sources.push(await loadSource(file, options));
  const playing = sources.flatMap((source) => Array.from({ length: options.calls ?? 1 }, () => source));
  const totalMs = playing.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const progress = { calls: playing.length, callsDone: 0, sentMs: 0, totalMs };
  const onSent = (audioMs: number): void => {
    progress.sentMs += audioMs;
    options.onProgress?.({ ...progress });
  };
  const calls = planCalls(playing, options, onSent);
  return Promise.all(
    calls.map(async (call) => {
      const result = await replayCall(call);
      progress.callsDone++;
      options.onProgress?.({ ...progress });
      return result;
    }),
  );
}

function checkOptions({ speed = 1, calls = 1, url, feed, live, randomChunks }: ReplayOptions): void {
  const refuse = (option: string, detail: string): never => {
    throw new UndertoneError('UT_CLI_REPLAY_OPTION', detail, { place: option });
  };
  if (!(speed >= 0 && Number.isFinite(speed))) refuse('--speed', `${speed} is no number from 0.`);
  if (!(Number.isInteger(calls) && calls > 0)) refuse('--calls', `${calls} is no whole number from 1.`);
  if (!URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol)) {
    refuse('--url', `"${url}" is no address of the form ws://host:port or wss://host:port.`);
  }
  if (live !== undefined && feed === 'twilio') {
    refuse('live', 'A Twilio stream is always live: only the generic feed can say otherwise.');
  }
  if (randomChunks && !(randomChunks.maxBytes >= 1)) refuse('--random-chunks', 'Chunks have 1 byte or more.');
}

async function loadSource(file: string, options: ReplayOptions): Promise<Source> {
  const { clip, legs } = assignLegs(await readAudioFile(file), options.legs, file);
  const recording: Recording = { legs, channels: clip.channels, sampleRateHz: clip.sampleRateHz };
  const { encoding = 's16le', randomChunks } = options;
  const framing =
    options.feed === 'twilio'
      ? twilioFraming(recording, file)
      : genericFraming(recording, { encoding, randomChunks });
  return { file, framing, durationMs: (1000 * clip.channels[0]!.length) / clip.sampleRateHz };
}

function planCalls(
  playing: readonly Source[],
  options: ReplayOptions,
  onSent: ReplayCall['onSent'],
): ReplayCall[] {
  const { speed = 1, spreadMs = DEFAULT_SPREAD_MS, clock = systemClock, signal } = options;
  const { acceptTimeoutMs = DEFAULT_ACCEPT_TIMEOUT_MS } = options;
  const prefix = options.callIdPrefix ?? `replay-${randomBytes(4).toString('hex')}`;
  const url = feedUrl(options);
  const headers = credentials(url, options);
  const about = describe(options, speed);
  return playing.map(({ file, framing }, index) => ({
    ...{ file, url, headers, framing, speed, clock, signal, onSent, acceptTimeoutMs },
    description: {
      ...about,
      callId: playing.length === 1 && options.callIdPrefix ? prefix : `${prefix}-${index + 1}`,
    },
    delayMs: speed === 0 ? 0 : (index * spreadMs) / playing.length,
  }));
}

function describe(options: ReplayOptions, speed: number): Omit<CallDescription, 'callId'> {
  const { tenant, queue, notice, synthetic, live = speed === 1 } = options;
  return {
    live,
    ...(tenant === undefined ? {} : { tenant }),
    ...(queue === undefined ? {} : { queue }),
    ...(notice === undefined ? {} : { notice }),
    ...(synthetic === undefined ? {} : { synthetic }),
  };
}

function feedUrl({ url, feed }: ReplayOptions): string {
  const address = new URL(url);
  if (address.pathname === '/') address.pathname = DIALECT[feed].path;
  return address.href;
}

function credentials(url: string, options: ReplayOptions): Record<string, string> {
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
