import type { AudioClip } from '../audio/index.js';
import { BatchOutbox, type CallRecord, CallTable, oneModel } from '../calls/index.js';
import { systemClock } from '../clock.js';
import type { Config } from '../config/index.js';
import type { Bundle, Classifier } from '../inference/index.js';
import type { AudioChunk, CallStarted, Leg } from '../ingest/index.js';
import type { ResultObserver } from '../sink/index.js';
import { callTableOptionsOf, createCallParts } from './analysis.js';
import { resultTopicsOf } from './topics.js';

/** What is in a recording, and how its events are to be named. */
export interface ClipCall {
  readonly callId: string;
  readonly tenant: string;
  /** One leg a channel of the clip, in order. */
  readonly legs: readonly Leg[];
}

const CHUNK_MS = 1000;

/**
 * Plays a recording through the same call, timeline and event code as a live call, as fast as the model allows.
 * The observer hears every event; the promise resolves after the call's last summary.
 */
export async function analyzeClip(
  clip: AudioClip,
  call: ClipCall,
  { config, bundle, classifier }: { config: Config; bundle: Bundle; classifier: Classifier },
  observer: ResultObserver,
): Promise<void> {
  const nowMs = () => systemClock.nowMs();
  const results = { topics: resultTopicsOf(config), model: bundle.modelId, nowMs, observer };
  const parts = createCallParts(config, bundle, classifier, results);
  const outbox = new BatchOutbox();
  const table = new CallTable(oneModel(parts), callTableOptionsOf(config), outbox, 'file/0');
  let offset = 0;
  const take = async (record: CallRecord) => {
    const context = { skipDue: false, arrivedAtMs: nowMs(), nowMs: nowMs(), offset: offset++ };
    await table.take(record, context).call?.settled();
    outbox.take().announce();
  };
  const started = startOf(call);
  await take(started);
  for (const chunk of chunksOf(clip, started, call.legs)) await take(chunk);
  const { callId, tenant, feedId } = started;
  await take({ type: 'call.ended', callId, tenant, feedId, reason: 'completed' });
}

function startOf({ callId, tenant, legs }: ClipCall): CallStarted {
  return {
    type: 'call.started',
    callId,
    tenant,
    feedId: callId,
    live: false,
    notice: 'unknown',
    legs,
    feed: 'file',
  };
}

function* chunksOf(
  clip: AudioClip,
  { callId, tenant, feedId }: CallStarted,
  legs: readonly Leg[],
): Generator<AudioChunk> {
  const step = Math.ceil((clip.sampleRateHz * CHUNK_MS) / 1000);
  const length = clip.channels[0]?.length ?? 0;
  for (let at = 0, seq = 0; at < length; at += step, seq++) {
    for (const [channel, leg] of legs.entries()) {
      const samples = clip.channels[channel]!.subarray(at, at + step);
      yield {
        type: 'audio.chunk',
        callId,
        tenant,
        feedId,
        leg,
        encoding: 'f32le',
        sampleRateHz: clip.sampleRateHz,
        channels: 1,
        seq,
        offsetSamples: at,
        bytes: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
      };
    }
  }
}
