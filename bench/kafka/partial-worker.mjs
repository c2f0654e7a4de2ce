/**
 * A process that does a part of a worker's work on a log that is there, and prints its figures: `consume` reads,
 * `decode` reads and decodes records, `hear` makes the results as well and throws them away instead of committing.
 * Arguments: the part, the number of records, the configuration as JSON.
 */
import { callTableOptionsOf, createCallParts } from '../../dist/app/analysis.js';
import { bundleDirectory } from '../../dist/app/bundle-directory.js';
import { kafkaOptionsOf } from '../../dist/app/kafka-options.js';
import { resultTopicsOf } from '../../dist/app/topics.js';
import { createKafkaBus } from '../../dist/bus/index.js';
import { BatchOutbox, CallTable, oneModel } from '../../dist/calls/index.js';
import { systemClock as clock } from '../../dist/clock.js';
import { configSchema } from '../../dist/config/index.js';
import { createDropClassifier, loadBundle } from '../../dist/inference/index.js';
import { decodeAudioRecord } from '../../dist/ingest/index.js';

const NOBODY = { point() {}, hole() {}, alert() {}, summary() {}, erased() {} };
const [part, count, json] = process.argv.slice(2);
const config = configSchema.parse(JSON.parse(json));
const bundle = await loadBundle(bundleDirectory(config.model));
const bus = await createKafkaBus({ ...kafkaOptionsOf(config), clock });
let left = Number(count);
let finish;
const finished = new Promise((resolve) => {
  finish = resolve;
});

await bus.start();
const began = { atMs: performance.now(), cpu: process.cpuUsage() };
await bus.subscribe(config.bus.topics.audio.name, config.bus.kafka.group, {
  onAssigned: (reader) => void work(reader),
  onRevoked: async () => undefined,
});
await finished;
const { user, system } = process.cpuUsage(began.cpu);
const seconds = (performance.now() - began.atMs) / 1000;
console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 }));
process.exit(0);

async function work(reader) {
  const take = taker(reader);
  while (left > 0) {
    const records = await reader.read(config.worker.maxBatchRecords);
    await take(records);
    left -= records.length;
  }
  finish();
}

function taker(reader) {
  if (part === 'consume') return () => undefined;
  if (part === 'decode') return (records) => records.forEach(decodeAudioRecord);
  const outbox = new BatchOutbox();
  const classifier = createDropClassifier(bundle.labels);
  const results = {
    topics: resultTopicsOf(config),
    model: 'drop',
    nowMs: () => clock.nowMs(),
    observer: NOBODY,
  };
  const parts = createCallParts(config, bundle, classifier, results);
  const table = new CallTable(
    oneModel(parts),
    callTableOptionsOf(config),
    outbox,
    `${reader.topic}/${reader.partition}`,
  );
  return async (records) => {
    const calls = new Set();
    for (const record of records) {
      const { timestampMs: arrivedAtMs, offset } = record;
      const context = { skipDue: false, arrivedAtMs, offset, nowMs: clock.nowMs() };
      const { call } = table.take(decodeAudioRecord(record), context);
      if (call !== null) calls.add(call);
    }
    for (const call of calls) await call.settled();
    const due = [...calls].filter((call) => call.summaryDue);
    for (const call of due) call.summarize(true);
    for (const call of due) await call.settled();
    outbox.take();
    for (const call of calls) call.committed();
  };
}
