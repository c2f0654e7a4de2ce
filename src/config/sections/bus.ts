import { z } from 'zod';
import { bound } from './common.js';
import { kafkaSection } from './kafka.js';

const KIB = 1024;
const MIB = 1024 * KIB;

const topic = (about: string, topicName: string, maxRecords: number, maxBytes: number) =>
  z
    .strictObject({
      name: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,249}$/, 'must be 1 to 249 letters, digits, dots, dashes or underscores')
        .describe('Name of the topic.')
        .default(topicName),
      maxRecordsPerPartition: bound()
        .describe('Records that one partition keeps in memory.')
        .default(maxRecords),
      maxBytesPerPartition: bound()
        .min(128 * KIB)
        .describe('Bytes that one partition keeps in memory, values and headers.')
        .default(maxBytes),
    })
    .describe(about)
    .prefault({});

export const busSection = z
  .strictObject({
    kind: z
      .enum(['memory', 'kafka'])
      .describe('`memory`: the embedded log, bounded, inside this process. `kafka`: between processes.')
      .default('memory'),
    kafka: kafkaSection,
    partitions: bound()
      .max(1024)
      .describe(
        'Partitions of every topic. A call stays on one partition; partitions are worked in parallel.',
      )
      .default(4),
    topics: z
      .strictObject({
        audio: topic(
          'Audio and control records as they came in. Full means: producers wait.',
          'undertone.audio.v1',
          4096,
          8 * MIB,
        ),
        emotions: topic(
          'Points of all timelines. Full means: the oldest is dropped.',
          'undertone.emotions.v1',
          4096,
          4 * MIB,
        ),
        calls: topic(
          'Call summaries. Full means: the oldest is dropped.',
          'undertone.calls.v1',
          2048,
          8 * MIB,
        ),
        alerts: topic(
          'Alerts raised and ended. Full means: the oldest is dropped.',
          'undertone.alerts.v1',
          1024,
          MIB,
        ),
        deadLetters: topic(
          'Records that could not be read, with the reason. Full means: the oldest is dropped.',
          'undertone.dead-letters.v1',
          256,
          4 * MIB,
        ),
      })
      .describe('The topics and what each may hold.')
      .prefault({}),
  })
  .describe('The log between the roles.')
  .prefault({});
export type BusConfig = z.infer<typeof busSection>;
