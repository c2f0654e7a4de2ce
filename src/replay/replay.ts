import { UndertoneError } from '../errors.js';
import { newCallIdPrefix } from './call-ids.js';
import type { CallResult, ReplayOptions } from './options.js';
import type { ReplayCall } from './replay-call.js';
import { type Playing, Sender } from './sender.js';

const DEFAULT_SPREAD_MS = 500;

/**
 * Plays recordings into a gateway over real connections, as the vendor would.
 *
 * @returns a result for each call, failed ones too.
 * @throws UT_AUDIO_…, UT_CLI_LEGS, UT_CLI_REPLAY_OPTION before the first connection.
 */
export async function replay(options: ReplayOptions): Promise<readonly CallResult[]> {
  const { calls = 1 } = options;
  if (!(Number.isInteger(calls) && calls > 0)) {
    const detail = `${calls} is no whole number from 1.`;
    throw new UndertoneError('UT_CLI_REPLAY_OPTION', detail, { place: '--calls' });
  }
  const sender = await Sender.load(options);
  const playing = sender.recordings.flatMap((_, index) => Array.from({ length: calls }, () => index));
  const totalMs = playing.reduce((sum, index) => sum + sender.recordings[index]!.durationMs, 0);
  const progress = { calls: playing.length, callsDone: 0, sentMs: 0, totalMs };
  const onSent = (audioMs: number): void => {
    progress.sentMs += audioMs;
    options.onProgress?.({ ...progress });
  };
  return Promise.all(
    planCalls(playing, options, onSent).map(async (call) => {
      const result = await sender.play(call);
      progress.callsDone++;
      options.onProgress?.({ ...progress });
      return result;
    }),
  );
}

function planCalls(
  playing: readonly number[],
  options: ReplayOptions,
  onSent: ReplayCall['onSent'],
): readonly Playing[] {
  const { speed = 1, spreadMs = DEFAULT_SPREAD_MS, signal } = options;
  const prefix = options.callIdPrefix ?? newCallIdPrefix('replay');
  return playing.map((recording, index) => ({
    recording,
    callId: playing.length === 1 && options.callIdPrefix ? prefix : `${prefix}-${index + 1}`,
    delayMs: speed === 0 ? 0 : (index * spreadMs) / playing.length,
    signal,
    onSent,
  }));
}
