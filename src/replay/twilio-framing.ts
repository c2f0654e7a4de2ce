import { encodeG711, resampleClip } from '../audio/index.js';
import { UndertoneError } from '../errors.js';
import type { Leg } from '../ingest/index.js';
import {
  type CallDescription,
  FRAME_MS,
  type Frame,
  type Framing,
  type Recording,
  statedFields,
} from './framing.js';

const RATE_HZ = 8000;
const FRAME_BYTES = (RATE_HZ * FRAME_MS) / 1000;
const TRACK_OF: Readonly<Partial<Record<Leg, 'inbound' | 'outbound'>>> = {
  customer: 'inbound',
  agent: 'outbound',
};

/** Twilio Media Streams as Twilio sends them: 160 bytes of µ-law a track each 20 ms, both tracks in one tick. */
export function twilioFraming({ legs, channels, sampleRateHz }: Recording, place: string): Framing {
  if (legs.includes('mixed')) {
    const detail = 'Twilio has one track a party: a mixed leg needs the generic feed.';
    throw new UndertoneError('UT_CLI_REPLAY_OPTION', detail, { place });
  }
  const tracks = legs.map((leg) => TRACK_OF[leg]!);
  const codes = channels.map((channel) => encodeG711('mulaw', resampleClip(channel, sampleRateHz, RATE_HZ)));
  return {
    isAnswered: false,
    opening: (call) => [
      JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }),
      JSON.stringify(startMessage(call, tracks)),
    ],
    frames: (call) => frames(call, tracks, codes),
    closing: (call) => [JSON.stringify(stopMessage(call))],
  };
}

const streamSidOf = ({ callId }: CallDescription): string => `MZ-${callId}`;

function startMessage(call: CallDescription, tracks: readonly string[]): object {
  const { callId, synthetic } = call;
  const streamSid = streamSidOf(call);
  const customParameters = {
    ...statedFields(call),
    ...(synthetic ? { synthetic: 'true' } : {}),
    customerTrack: TRACK_OF.customer,
  };
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: RATE_HZ, channels: 1 };
  const start = {
    streamSid,
    accountSid: 'AC-replay',
    callSid: callId,
    tracks,
    mediaFormat,
    customParameters,
  };
  return { event: 'start', sequenceNumber: '1', streamSid, start };
}

function stopMessage(call: CallDescription): object {
  const stop = { accountSid: 'AC-replay', callSid: call.callId };
  return { event: 'stop', streamSid: streamSidOf(call), stop };
}

function* frames(
  call: CallDescription,
  tracks: readonly string[],
  codes: readonly Uint8Array[],
): Generator<Frame> {
  const streamSid = streamSidOf(call);
  let sequenceNumber = 1;
  for (let chunk = 0; chunk * FRAME_BYTES < codes[0]!.length; chunk++) {
    const messages = tracks.map((track, index) => {
      const payload = base64(codes[index]!.subarray(chunk * FRAME_BYTES, (chunk + 1) * FRAME_BYTES));
      const media = { track, chunk: String(chunk + 1), timestamp: String(chunk * FRAME_MS), payload };
      return JSON.stringify({ event: 'media', sequenceNumber: String(++sequenceNumber), streamSid, media });
    });
    yield { endMs: (chunk + 1) * FRAME_MS, messages };
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
