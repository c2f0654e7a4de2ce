import { createCallParts } from '../../src/app/analysis.js';
import { deadLetter } from '../../src/app/dead-letters.js';
import { workerOptionsOf } from '../../src/app/options.js';
import { busTopicsOf } from '../../src/app/topics.js';
import { type Bus, createMemoryBus, type NewRecord, type ResultRecord } from '../../src/bus/index.js';
import { CallWorker, type CallWorkerOptions, oneModel } from '../../src/calls/index.js';
import type { Config } from '../../src/config/index.js';
import { type FrontEnd, fingerprintOf } from '../../src/features/index.js';
import { decodeAudioRecord } from '../../src/ingest/index.js';
import { FAKE_BUNDLE, resultsOf } from '../support/call-bench.js';
import { collectEvents } from '../support/collected-events.js';
import { fakeClassifier } from '../support/fake-classifier.js';
import { ManualClock } from '../support/manual-clock.js';

/** What an installation consists of, but for its log. */
export interface Setting {
  readonly config: Config;
  readonly frontEnd: FrontEnd;
  /** Name of the model. Default: that of the fake one. */
  readonly model?: string;
}

const RECORDS_A_BATCH = 5;

/**
 * Has a worker of this build take over a partition with a log, and work it off.
 *
 * @param audio all of the audio log
 * @param left results that former owners left
 * @returns what this worker wrote more, in the order of its commits
 */
export async function playLog(
  { config, frontEnd, model = FAKE_BUNDLE.modelId }: Setting,
  audio: readonly NewRecord[],
  left: readonly ResultRecord[] = [],
): Promise<ResultRecord[]> {
  const clock = new ManualClock();
  const bus = createMemoryBus({ topics: busTopicsOf(config), clock });
  await bus.start();
  for (const record of audio) await bus.append(config.bus.topics.audio.name, record);
  for (const { topic, ...record } of left) await bus.append(topic, record);
  const written: ResultRecord[] = [];
  let over: (error?: unknown) => void = () => {};
  const done = new Promise<void>((resolve, reject) => {
    over = (error) => (error === undefined ? resolve() : reject(error));
  });
  let taken = 0;
  const bundle = { ...FAKE_BUNDLE, frontEnd, frontEndFingerprint: fingerprintOf(frontEnd) };
  const results = { ...resultsOf(config, collectEvents()), model };
  const nothing = () => undefined;
  const worker = new CallWorker(optionsOf(config), {
    bus: recording(bus, written),
    models: oneModel(createCallParts(config, bundle, fakeClassifier(), results)),
    decode: decodeAudioRecord,
    deadLetter: (record, error) => deadLetter(config.bus.topics.deadLetters.name, record, error),
    clock,
    observer: {
      onRecord: nothing,
      onBadRecord: nothing,
      onProgress: nothing,
      onTakenOver: nothing,
      onReleased: nothing,
      onCommitted(_partition, records) {
        taken += records;
        if (taken === audio.length) over();
      },
      onUnreadableState: (_partition, _callId, error) => over(error),
      onAudioMissing: () => over(new Error('audio is missing')),
      onPartitionLost: (_partition, error) => over(error),
      onFatal: (error) => over(error),
    },
  });
  await worker.start();
  await done;
  await worker.close();
  await bus.close();
  return written;
}

function optionsOf(config: Config): CallWorkerOptions {
  const { emotions, calls, alerts, deadLetters } = config.bus.topics;
  const others = [emotions.name, alerts.name, deadLetters.name];
  return {
    ...workerOptionsOf(config),
    takeOver: { calls: calls.name, others },
    maxDelayMs: null,
    maxBatchRecords: RECORDS_A_BATCH,
  };
}

/** The bus, of which every result that is committed is noted. */
function recording(bus: Bus, written: ResultRecord[]): Bus {
  return Object.assign(Object.create(bus) as Bus, {
    partitionCount: (topic: string) => bus.partitionCount(topic),
    scan: (...of: Parameters<Bus['scan']>) => bus.scan(...of),
    subscribe: (...[topic, group, listener]: Parameters<Bus['subscribe']>) =>
      bus.subscribe(topic, group, {
        onRevoked: (partition) => listener.onRevoked(partition),
        onAssigned: (reader) =>
          listener.onAssigned({
            topic: reader.topic,
            partition: reader.partition,
            get position() {
              return reader.position;
            },
            endOffset: () => reader.endOffset(),
            read: (maxRecords) => reader.read(maxRecords),
            abandon: (error) => reader.abandon(error),
            async commit(nextOffset, results = []) {
              await reader.commit(nextOffset, results);
              written.push(...results);
            },
          }),
      }),
  });
}
