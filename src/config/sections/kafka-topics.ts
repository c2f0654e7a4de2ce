import { z } from 'zod';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const TEN_YEARS_MS = 3650 * DAY_MS;

const keptMs = (about: string, defaultMs: number) =>
  z.int().min(MINUTE_MS).max(TEN_YEARS_MS).describe(about).default(defaultMs);

/** How `undertone topics` makes the topics, and what it compares them with; the bus itself reads none of it. */
export const replicationFactorField = z
  .int()
  .min(1)
  .max(100)
  .describe(
    'Brokers that hold a copy of each topic; half of them, rounded up, must confirm a record. A single broker needs 1.',
  )
  .default(3);

export const retentionSection = z
  .strictObject({
    audioMs: keptMs(
      'Audio, ms: as long as all workers together may be away without a call losing windows.',
      15 * MINUTE_MS,
    ),
    emotionsMs: keptMs('Points and holes, ms.', 7 * DAY_MS),
    callsMs: z
      .int()
      .min(DAY_MS)
      .max(TEN_YEARS_MS)
      .nullable()
      .describe('Call summaries, ms after the last word on a call; null keeps each until it is erased.')
      .default(null),
    alertsMs: keptMs('Alerts, ms.', 30 * DAY_MS),
    deadLettersMs: keptMs('Records that could not be used, ms. They may hold audio.', 3 * DAY_MS),
  })
  .describe('How long each topic keeps its records.')
  .prefault({});
