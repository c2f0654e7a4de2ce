import { z } from 'zod';
import { bound, durationMs, secret, share } from './common.js';

export const tracesSection = z
  .strictObject({
    enabled: z
      .boolean()
      .describe('Send spans that say where the time between audio and its point went.')
      .default(false),
    endpoint: z
      .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
      .describe('Where spans go: the whole address for traces of a receiver of OTLP over HTTP.')
      .default('http://127.0.0.1:4318/v1/traces'),
    headers: z
      .record(z.string().min(1), secret(1))
      .describe('Headers of each request to it, such as `authorization`.')
      .default({}),
    share: share()
      .describe('Share of the calls that are traced. Of a call, all spans are there or none; its id decides.')
      .default(0.1),
    serviceName: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .describe('`service.name` of the spans; null: `undertone`, with the role where the process has one.')
      .default(null),
    maxQueuedSpans: bound()
      .max(1_000_000)
      .describe('Spans that may wait for the receiver; beyond, the newest are dropped and counted.')
      .default(8192),
    sendEveryMs: durationMs().describe('Spans leave together, so often, ms.').default(2_000),
    timeoutMs: durationMs()
      .describe('Longest time for sending some of them, further attempts included, ms.')
      .default(10_000),
  })
  .describe('Traces in the format of OpenTelemetry. Off: nothing of it is loaded.')
  .prefault({});
