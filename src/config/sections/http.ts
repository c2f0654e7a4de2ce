import { z } from 'zod';
import { durationMs } from './common.js';

export const httpSection = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .describe(
        'Address to listen on. `127.0.0.1` is reachable from this machine only; `0.0.0.0` from everywhere.',
      )
      .default('127.0.0.1'),
    port: z
      .int()
      .min(0)
      .max(65535)
      .describe('TCP port of the feeds, the console, health and metrics. 0 takes any free port.')
      .default(8080),
    behindTlsProxy: z
      .boolean()
      .describe(
        'Your declaration that a proxy in front ends TLS, so that no audio and no token crosses a network in the clear. Needed to listen beyond loopback.',
      )
      .default(false),
    headersTimeoutMs: durationMs().describe('Longest wait for the headers of a request, ms.').default(10_000),
  })
  .describe('The one port that serves telephony feeds, the console, `/health` and `/metrics`.')
  .prefault({});
export type HttpConfig = z.infer<typeof httpSection>;
