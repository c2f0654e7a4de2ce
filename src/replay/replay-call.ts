import type { Clock } from '../clock.js';
import { UndertoneError } from '../errors.js';
import { FeedClient } from './feed-client.js';
import type { CallDescription, Frame, Framing } from './framing.js';
import type { CallResult } from './options.js';
import { Pacer } from './pacer.js';

export interface ReplayCall {
  readonly file: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly framing: Framing;
  readonly description: CallDescription;
  readonly speed: number;
  /** How long after connecting the audio begins. */
  readonly delayMs: number;
  /** How long the gateway may take to accept the call. */
  readonly acceptTimeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Told of audio as it is sent. */
  readonly onSent: (audioMs: number) => void;
}

/** How long the gateway may take to close after `stop`. */
const CLOSE_WAIT_MS = 30_000;

/** Plays one call to its end. Never rejects: what went wrong is in the result. */
export async function replayCall(call: ReplayCall): Promise<CallResult> {
  const sent = { messages: 0, audioMs: 0, latestMs: 0 };
  const startedAtMs = call.clock.nowMs();
  let error: Error | undefined;
  try {
    const client = await FeedClient.connect(call.url, call.headers);
    await converse(client, call, sent);
    error = await ending(client, call);
  } catch (caught) {
    error = caught instanceof Error ? caught : new Error(String(caught));
  }
  const result = {
    callId: call.description.callId,
    file: call.file,
    wallMs: call.clock.nowMs() - startedAtMs,
  };
  return { ...result, ...sent, ...(error === undefined ? {} : { error }) };
}

async function converse(
  client: FeedClient,
  call: ReplayCall,
  sent: { messages: number; audioMs: number; latestMs: number },
): Promise<void> {
  const { framing, description, clock, speed, delayMs } = call;
  for (const message of framing.opening(description)) await client.send(message);
  if (framing.isAnswered) await acceptance(client, call);
  const pacer = new Pacer(clock, clock.nowMs() + delayMs, speed);
  for (const frame of framing.frames(description)) {
    await pacer.until(frame.endMs);
    if (client.isClosed || call.signal?.aborted) break;
    await sendFrame(client, frame);
    call.onSent(frame.endMs - sent.audioMs);
    sent.messages += frame.messages.length;
    sent.audioMs = frame.endMs;
    sent.latestMs = pacer.latestMs;
  }
  for (const message of framing.closing(description)) await client.send(message);
}

/** Waits for the gateway's word, not for ever, and not once the replay is stopped. */
async function acceptance(
  client: FeedClient,
  { clock, signal, url, acceptTimeoutMs }: ReplayCall,
): Promise<void> {
  let cancel = (): void => undefined;
  const timeUp = new Promise<'late'>((resolve) => {
    cancel = clock.setTimer(() => resolve('late'), acceptTimeoutMs);
  });
  const stopped = new AbortController();
  const outcome = await Promise.race([client.accepted, timeUp, aborted(signal, stopped.signal)]);
  cancel();
  stopped.abort();
  if (outcome !== 'late') return;
  client.close();
  const detail = `It did not accept the call within ${acceptTimeoutMs} ms.`;
  throw new UndertoneError('UT_CLI_REPLAY_REFUSED', detail, { place: url });
}

/** Resolves when `signal` aborts; `unwatch` lets go of it. */
function aborted(signal: AbortSignal | undefined, unwatch: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true, signal: unwatch });
  });
}

async function sendFrame(client: FeedClient, { messages }: Frame): Promise<void> {
  for (const message of messages) await client.send(message);
}

/** The gateway closes when it has everything; a server that does not is closed from here. */
async function ending(client: FeedClient, { clock, url }: ReplayCall): Promise<Error | undefined> {
  let cancel = (): void => undefined;
  const late = new Promise<'late'>((resolve) => {
    cancel = clock.setTimer(() => resolve('late'), CLOSE_WAIT_MS);
  });
  const outcome = await Promise.race([client.closed, late]);
  cancel();
  if (outcome !== 'late') return outcome;
  client.close();
  const detail = `It did not close within ${CLOSE_WAIT_MS} ms of stop.`;
  return new UndertoneError('UT_CLI_REPLAY_REFUSED', detail, { place: url });
}
