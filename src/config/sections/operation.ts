import { z } from 'zod';
import { bound, durationMs, secret } from './common.js';

export const consoleSection = z
  .strictObject({
    source: z
      .enum(['bus', 'redis'])
      .describe(
        'Where the page hears of calls: `bus` reads the result topics from their beginning, `redis` the latest states and what is published from then on.',
      )
      .default('bus'),
    tokens: z
      .array(secret())
      .describe(
        'Tokens that open the console and the API. On loopback the list may be empty: everybody on this machine may look.',
      )
      .default([]),
    allowedHosts: z
      .array(z.string().min(1))
      .describe(
        'Host names under which browsers reach the console, beside `localhost` and IP addresses; any other is refused (protects against DNS rebinding).',
      )
      .default([]),
    maxCalls: bound().describe('Calls that the page holds, live and ended.').default(200),
    maxPointsPerLeg: bound()
      .describe('Newest points held for each leg; 1200 are ten minutes with the default front end.')
      .default(1200),
    keepEndedMs: durationMs().describe('An ended call leaves the page after so long, ms.').default(900_000),
    maxStreams: bound().describe('Browsers connected at once.').default(100),
    maxStreamBacklogBytes: bound()
      .describe('Bytes that may wait for a slow browser; beyond, it is disconnected and starts afresh.')
      .default(1_048_576),
  })
  .describe('The page for supervisors.')
  .prefault({});
export type ConsoleConfig = z.infer<typeof consoleSection>;

export const demoSection = z
  .strictObject({
    enabled: z
      .boolean()
      .describe(
        'Play synthetic demo calls through the gateway, over and over. `npm start` and `start --demo` switch it on.',
      )
      .default(false),
    concurrentCalls: bound().max(16).describe('Demo calls at once.').default(2),
    pauseMs: durationMs().describe('Rest between two demo calls, ms.').default(3_000),
  })
  .describe('Synthetic voices, so that something moves before the first real call.')
  .prefault({});
export type DemoConfig = z.infer<typeof demoSection>;

export const logSection = z
  .strictObject({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .describe('Least severe entry that is written. Logs are JSON lines on standard error.')
      .default('info'),
  })
  .describe('Logs.')
  .prefault({});
export type LogConfig = z.infer<typeof logSection>;

export const healthSection = z
  .strictObject({
    stalledAfterMs: durationMs()
      .describe('A part that has work and finishes none of it for so long makes `/health/live` fail, ms.')
      .default(30_000),
  })
  .describe('Liveness.')
  .prefault({});
export type HealthConfig = z.infer<typeof healthSection>;

export const shutdownSection = z
  .strictObject({
    drainMs: durationMs()
      .describe(
        'Longest time that SIGTERM gives calls to be worked off, ms. The supervisor of the process must wait longer.',
      )
      .default(10_000),
  })
  .describe('How the process ends.')
  .prefault({});
export type ShutdownConfig = z.infer<typeof shutdownSection>;
