import { z } from 'zod';
import { bound, share } from './common.js';

export const timelineSection = z
  .strictObject({
    smoothingWindows: bound()
      .max(64)
      .describe(
        'Windows over which probabilities are averaged, the newest included (0.512 s each with the default front end). 1 = no smoothing.',
      )
      .default(5),
    smoothingDecay: share()
      .describe('Weight of a window in that average, relative to the one after it. 1 = all weigh the same.')
      .default(0.8),
    hysteresisMargin: share()
      .describe(
        'How much likelier than the label that stands another must be to take over: keeps the label from flickering between two that are nearly equal.',
      )
      .default(0.1),
    minDurationWindows: bound()
      .max(32)
      .describe('Windows in a row that must agree on a new label before it is shown.')
      .default(2),
    uncertainThreshold: share()
      .nullable()
      .describe(
        'Below this confidence the label is `uncertain`; null takes the threshold that was measured with the model.',
      )
      .default(null),
  })
  .describe('How probabilities become a label over time.')
  .prefault({});
export type TimelineConfig = z.infer<typeof timelineSection>;
