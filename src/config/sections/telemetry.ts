import { z } from 'zod';
import { tracesSection } from './traces.js';

/** Each multiplies the series of every emotion. */
const MOST_QUEUES = 50;

export const telemetrySection = z
  .strictObject({
    queues: z
      .array(z.string().min(1).max(100))
      .max(MOST_QUEUES)
      .describe(
        'Queues that metrics tell apart, by the names that feeds give them; all others count together as `other`.',
      )
      .default([]),
    traces: tracesSection,
  })
  .describe('What goes to collectors, beside logs.')
  .prefault({});
export type TelemetryConfig = z.infer<typeof telemetrySection>;
