import { z } from 'zod';
import { bound, durationMs, name, secret } from './common.js';

const twilioToken = z.strictObject({
  tenant: name().describe('Tenant that owns the Twilio account.'),
  token: secret().describe("The account's auth token, with which Twilio signs its requests."),
});

const bearerToken = z.strictObject({
  tenant: name().describe('Tenant that the feeds with this token belong to.'),
  token: secret().describe('Token that a generic feed sends as `Authorization: Bearer …`.'),
});

const authSection = z
  .strictObject({
    twilioAuthTokens: z
      .array(twilioToken)
      .describe('Twilio accounts that may send media streams. Needs `publicUrl`.')
      .default([]),
    bearerTokens: z.array(bearerToken).describe('Tokens that generic feeds may use.').default([]),
    publicUrl: z
      .url({ protocol: /^(wss?|https?)$/ })
      .nullable()
      .describe(
        'Address under which Twilio reaches this gateway, for instance `wss://voice.example.com`. Its signature covers this address; null where no Twilio token is set.',
      )
      .default(null),
  })
  .describe('Who may send audio. On loopback the lists may be empty: every feed is then accepted.')
  .prefault({});

export const gatewaySection = z
  .strictObject({
    defaultTenant: name()
      .describe('Tenant of feeds that need no token (only on loopback).')
      .default('default'),
    maxStreams: bound().describe('Feeds open at once; one more is refused.').default(200),
    maxStreamsPerTenant: bound().describe('Feeds open at once for one tenant.').default(100),
    maxMessageBytes: bound()
      .min(1024)
      .describe('Largest WebSocket message, bytes. A larger one ends its feed.')
      .default(65_536),
    maxMessagesPerSecond: bound()
      .describe(
        'Messages a second of one feed, as a mean over two seconds (Twilio sends 50 a track). More ends the feed.',
      )
      .default(400),
    maxReplayMessagesPerSecond: bound()
      .describe(
        'Messages a second of a feed that is not live (a recording), as a mean over two seconds. More makes it wait.',
      )
      .default(10_000),
    startTimeoutMs: durationMs()
      .describe('Longest wait for the start message of a feed, ms.')
      .default(10_000),
    idleTimeoutMs: durationMs()
      .describe('A feed that sends nothing for so long is ended, ms.')
      .default(60_000),
    pauseTimeoutMs: durationMs()
      .describe(
        'The same for a feed that has announced a pause; a pause whose feed broke is over after as long, ms.',
      )
      .default(900_000),
    maxAheadMs: durationMs()
      .describe(
        'How far the media time of a live call may be ahead of the time passed, with what its feeds say is lost or paused, ms. More ends the feed.',
      )
      .default(10_000),
    reconnectGraceMs: durationMs()
      .describe('How long a call waits for its feed to come back after the connection broke, ms.')
      .default(15_000),
    maxQueuedChunksPerFeed: bound()
      .describe('Messages of one feed that may wait for the audio log; beyond, its socket is not read.')
      .default(256),
    recordMs: durationMs()
      .max(1000)
      .describe(
        'Messages of a leg are gathered into records of the audio log of about so much audio, ms: they are what costs, at the broker and at both ends of it. With 128, 256 or 512 no window of a shipped model waits for its last samples; a window of another model waits as long at most.',
      )
      .default(128),
    refusalDelayMs: durationMs()
      .describe('How long the answer to a wrong signature or token is held back, ms: guessing is slow.')
      .default(500),
    auth: authSection,
    twilio: z
      .strictObject({
        customerTrack: z
          .enum(['inbound', 'outbound'])
          .describe(
            "Which Twilio track is the customer's voice: `inbound` where customers call in, `outbound` where you stream the other side.",
          )
          .default('inbound'),
      })
      .describe('Twilio Media Streams.')
      .prefault({}),
  })
  .describe('Where telephony feeds come in: their limits and their authentication.')
  .prefault({});
export type GatewayConfig = z.infer<typeof gatewaySection>;
