import { z } from 'zod';
import type { Leg } from '../audio-log.js';
import type { FeedFault, FeedStart } from './feed-event.js';
import {
  badStart,
  callIdField,
  type JsonMessage,
  noticeField,
  queueField,
  tenantField,
  unsupportedAudio,
} from './json-message.js';

export const TWILIO_TRACKS = ['inbound', 'outbound'] as const;
/** `inbound` is what the forked leg's party says, `outbound` what Twilio plays to it. */
export type TwilioTrack = (typeof TWILIO_TRACKS)[number];

export interface TwilioStart {
  readonly event: FeedStart;
  readonly streamSid: string | undefined;
  readonly legOf: Readonly<Partial<Record<TwilioTrack, Leg>>>;
}

/** Twilio writes numbers as strings; some senders of its dialect do not. */
const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number')
    .transform(Number),
]);
const trackField = z.enum(TWILIO_TRACKS);

const startMessage = z.object({
  streamSid: z.string().optional(),
  start: z.object({
    callSid: callIdField,
    tracks: z
      .array(
        z
          .string()
          .transform((track) => track.replace(/_track$/, ''))
          .pipe(trackField),
      )
      .min(1)
      .default([...TWILIO_TRACKS]),
    mediaFormat: z.object({ encoding: z.string(), sampleRate: numeric, channels: numeric }),
    customParameters: z
      .object({
        tenant: tenantField.exactOptional(),
        queue: queueField.exactOptional(),
        notice: noticeField.default('unknown'),
        synthetic: z.enum(['true', 'false']).default('false'),
        customerTrack: trackField.exactOptional(),
      })
      .prefault({}),
  }),
});

/** @param customerTrack which track is the customer where the custom parameter `customerTrack` does not say. */
export function readTwilioStart(message: JsonMessage, customerTrack: TwilioTrack): TwilioStart | FeedFault {
  const parsed = startMessage.safeParse(message);
  if (!parsed.success) return badStart(parsed.error);
  const { callSid, tracks, mediaFormat, customParameters } = parsed.data.start;
  const { encoding, sampleRate, channels } = mediaFormat;
  if (encoding !== 'audio/x-mulaw' || sampleRate !== 8000 || channels !== 1) {
    return unsupportedAudio(`mediaFormat is not audio/x-mulaw at 8000 Hz in 1 channel.`);
  }
  const { customerTrack: customer = customerTrack, synthetic, ...about } = customParameters;
  const legOf = Object.fromEntries(
    tracks.map((track) => [track, track === customer ? 'customer' : 'agent'] as const),
  );
  const event: FeedStart = {
    type: 'start',
    callId: callSid,
    ...about,
    synthetic: synthetic === 'true',
    live: true,
    legs: Object.values(legOf),
    encoding: 'mulaw',
    sampleRateHz: 8000,
  };
  return { event, streamSid: parsed.data.streamSid, legOf };
}
