import { z } from 'zod';
import { bound, durationMs, share } from './common.js';

export const workerSection = z
  .strictObject({
    maxPendingWindowsPerPartition: bound()
      .describe(
        'Windows of one partition that may wait for the model. At the bound, reading audio of that partition waits.',
      )
      .default(64),
    overload: z
      .strictObject({
        maxDelayMs: durationMs()
          .describe(
            'A live call whose audio is worked off later than this skips whole windows until it has caught up, ms. What was skipped stands in the timeline.',
          )
          .default(2_000),
      })
      .describe('What happens when audio comes faster than the model can follow.')
      .prefault({}),
    maxBatchRecords: bound()
      .describe('Records of one partition that are taken from the audio log at once.')
      .default(256),
    maxReadAheadRecords: bound()
      .describe(
        'Records of one partition that may be read ahead of the work. Calls take turns among them, so that one with a torrent does not hold up its neighbours.',
      )
      .default(2_048),
    lingerMs: z
      .int()
      .min(0)
      .max(1_000)
      .describe(
        'With Kafka: while less than a batch is waiting, the next batch (one transaction) begins no sooner than this after the last, ms. More is cheaper and later.',
      )
      .default(50),
    idleTimeoutMs: durationMs()
      .describe('A call of which the audio log says nothing for so long is over, ms.')
      .default(120_000),
    pausedTimeoutMs: durationMs()
      .describe('The same for a call that is paused; longer than `gateway.pauseTimeoutMs`, ms.')
      .default(1_800_000),
    maxErasedCalls: bound()
      .describe('Erased calls of a partition that are remembered, to refuse audio that still comes.')
      .default(1_000),
    maxGapMs: durationMs()
      .describe('Longest hole in the audio that a feed is believed, ms. A record that says more is left out.')
      .default(3_600_000),
    minPartialMs: durationMs()
      .describe(
        'A leg that ends before one whole window has been heard is classified all the same, padded with silence, if it lasted so long, ms.',
      )
      .default(500),
    summaryEveryMs: durationMs()
      .describe('Media time between two summaries of a live call, ms.')
      .default(2_000),
    maxLegLeadMs: durationMs()
      .describe(
        "How far one party's audio may run ahead of the other's before the other counts as silent, ms of media time.",
      )
      .default(10_000),
  })
  .describe('The call workers.')
  .prefault({});
export type WorkerConfig = z.infer<typeof workerSection>;

export const modelSection = z
  .strictObject({
    bundle: z
      .string()
      .min(1)
      .nullable()
      .describe('Folder of the model bundle; null takes the one that comes with Undertone.')
      .default(null),
    engine: z
      .enum(['onnx', 'tfjs', 'drop'])
      .describe(
        'What computes the network, in worker threads. `onnx`: onnxruntime. `tfjs`: TensorFlow, by @tensorflow/tfjs-node, which is installed by itself (`node scripts/install-tfjs.mjs`; Node 20 or 22); slower, the same answers to 1e-4. `drop`: nothing does; the answers are cheap and mean nothing, for measuring what is around the model.',
      )
      .default('onnx'),
    threads: bound()
      .max(256)
      .nullable()
      .describe(
        'Threads that classify, one core each; null takes one less than the cores of the machine, at least 1.',
      )
      .default(null),
    maxQueuedWindows: bound()
      .describe('Windows of all calls that are held for the threads; the rest wait with their calls.')
      .default(64),
    shadow: z
      .strictObject({
        bundle: z
          .string()
          .min(1)
          .nullable()
          .describe(
            'Folder of the bundle that is tried; null tries none. Its front end must be the one of the model.',
          )
          .default(null),
        share: share()
          .describe('Share of the calls that it hears too; which ones, their ids decide.')
          .default(0.1),
        maxQueuedWindows: bound()
          .describe(
            'Windows held for it. More are dropped, and so is every one that comes while more than so many wait for the model itself.',
          )
          .default(16),
      })
      .describe(
        'A model on trial: it hears windows of live calls beside the model, in one thread of low priority, and only how far the two agree is counted. Nothing that it says is published.',
      )
      .prefault({}),
  })
  .describe('The emotion model that all calls share.')
  .prefault({});
export type ModelConfig = z.infer<typeof modelSection>;

export const voiceActivitySection = z
  .strictObject({
    minVoicedShare: share()
      .describe('Share of a window that must be speech for the window to be classified.')
      .default(0.25),
    minLevelDbfs: z
      .number()
      .min(-120)
      .max(0)
      .describe('Quieter than this is never speech, dB relative to full scale.')
      .default(-66),
    marginDb: z
      .number()
      .min(0)
      .max(60)
      .describe('How far above the background noise of its leg a sound must be to count as speech, dB.')
      .default(9),
    hangoverMs: z
      .int()
      .min(0)
      .max(2_000)
      .describe(
        'How long speech is taken to go on after the last loud block, ms: bridges the gaps inside words.',
      )
      .default(160),
  })
  .describe('The gate that tells speech from silence. Silent windows are not classified and say so.')
  .prefault({});
export type VoiceActivityConfig = z.infer<typeof voiceActivitySection>;
