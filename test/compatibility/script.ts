import { fileURLToPath } from 'node:url';
import { type Config, configSchema } from '../../src/config/index.js';
import type { AudioChunk, AudioLogRecord, CallStarted } from '../../src/ingest/index.js';
import { buzz } from '../support/buzz.js';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

const ROOMY = { maxRecordsPerPartition: 10_000, maxBytesPerPartition: 100_000_000 };

/** One partition, and rules that find something in {@link scriptedLog}. */
export function scriptedConfig(): Config {
  const ofSilence = { kind: 'long-silence', name: 'quiet', severity: 'info', silentMs: 500 };
  const ofEmotion = {
    ...{
      kind: 'sustained-emotion',
      name: 'any',
      severity: 'warning',
      labels: ['angry', 'sad', 'fear', 'happy'],
    },
    ...{ minProbability: 0.1, forMs: 1500 },
  };
  return configSchema.parse({
    alerts: { rules: [ofSilence, ofEmotion] },
    timeline: { uncertainThreshold: 0.1 },
    bus: { partitions: 1, topics: { audio: ROOMY, emotions: ROOMY, calls: ROOMY, alerts: ROOMY } },
  });
}

const CHUNK_MS = 200;
const SPEECH_SECONDS = 10;
/** Chunks of the long call in which nobody speaks. */
const SILENT = { from: 26, to: 38 };
const LOST = { from: 12, chunks: 4 };
const PAUSED_AFTER = 47;

type Of = Pick<CallStarted, 'callId' | 'tenant' | 'feedId'>;
const of = (callId: string): Of => ({ callId, tenant: 'acme', feedId: `feed of ${callId}` });

/** An audio log with every type of record, of which every type of event comes. */
export function scriptedLog(): AudioLogRecord[] {
  return [
    ...longCall(of('long')),
    ...erasedCall(of('erased')),
    ...shortCall(of('short')),
    ...strayAudio(of('stray')),
  ];
}

function longCall(call: Of): AudioLogRecord[] {
  const chunks = chunksOf(call, SPEECH_SECONDS);
  const lost = { offsetMs: LOST.from * CHUNK_MS, durationMs: LOST.chunks * CHUNK_MS };
  const voiced = Array.from({ length: 100 }, (_, block) => block % 7 > 2);
  return [
    started(call, { legs: ['customer', 'agent'], live: true, queue: 'billing', synthetic: true }),
    { ...call, type: 'voice.activity', leg: 'agent', firstBlock: 0, voiced },
    ...chunks.slice(0, LOST.from),
    { ...call, type: 'audio.lost', leg: 'customer', ...lost },
    ...chunks.slice(LOST.from + LOST.chunks, PAUSED_AFTER),
    { ...call, type: 'call.paused' },
    { ...call, type: 'call.resumed', durationMs: 0 },
    ...chunks.slice(PAUSED_AFTER),
    { ...call, type: 'call.ended', reason: 'completed' },
  ];
}

/** Its audio has another form, and one chunk comes when the call is erased already. */
function erasedCall(call: Of): AudioLogRecord[] {
  const stereo = { encoding: 's16le', sampleRateHz: 16_000, channels: 2 } as const;
  const chunk = (seq: number): AudioChunk => {
    const at = {
      seq,
      offsetSamples: seq * 800,
      bytes: new Uint8Array(3200).map((_, i) => (i * 37 + seq) % 251),
    };
    return { ...call, type: 'audio.chunk', leg: 'customer', ...stereo, ...at };
  };
  return [started(call, {}), chunk(0), chunk(1), { ...call, type: 'call.erased' }, chunk(2)];
}

/** Ends before one whole window has been heard. */
function shortCall(call: Of): AudioLogRecord[] {
  return [started(call, {}), ...chunksOf(call, 1), { ...call, type: 'call.ended', reason: 'feed-lost' }];
}

/** Belongs to no call. */
function strayAudio(call: Of): AudioLogRecord[] {
  return chunksOf(call, 1).slice(0, 1);
}

function started(call: Of, more: Partial<CallStarted>): CallStarted {
  const usual = { live: false, notice: 'given', legs: ['customer'], feed: 'generic' } as const;
  return { ...call, type: 'call.started', ...usual, ...more };
}

/** µ-law at 8 kHz; silence where {@link SILENT} has it. */
function chunksOf(call: Of, seconds: number): AudioChunk[] {
  const samples = CHUNK_MS * 8;
  const speech = buzz(seconds);
  return Array.from({ length: (seconds * 1000) / CHUNK_MS }, (_, seq) => {
    const isSilent = seq >= SILENT.from && seq < SILENT.to;
    const heard = speech.slice(seq * samples, (seq + 1) * samples);
    const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1 } as const;
    const at = {
      seq,
      offsetSamples: seq * samples,
      bytes: isSilent ? new Uint8Array(samples).fill(0xff) : heard,
    };
    return { ...call, type: 'audio.chunk', leg: 'customer', ...format, ...at };
  });
}
