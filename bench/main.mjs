#!/usr/bin/env node
/**
 * npm run bench: measures on fixed input and keeps the result.
 *
 *   npm run bench                  everything
 *   npm run bench -- features …    only the named parts: features, inference, engines, memory, path, training, redis, takeover,
 *                                  clone, kafka-gateway, kafka-ingest, kafka-latency, kafka-transactions, kafka-backlog, kafka-capacity
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleDirectory } from '../dist/app/bundle-directory.js';
import { loadBundle } from '../dist/inference/index.js';
import { machineOf } from '../dist/load/index.js';
import { benchClone } from './clone.mjs';
import { benchEngines } from './engines.mjs';
import { benchFeatures } from './features.mjs';
import { benchInference } from './inference.mjs';
import { benchKafkaBacklog } from './kafka-backlog.mjs';
import { benchKafkaCapacity } from './kafka-capacity.mjs';
import { benchKafkaGateway } from './kafka-gateway.mjs';
import { benchKafkaIngest } from './kafka-ingest.mjs';
import { benchKafkaLatency } from './kafka-latency.mjs';
import { benchKafkaTransactions } from './kafka-transactions.mjs';
import { benchMemory } from './memory.mjs';
import { benchPath } from './path.mjs';
import { benchRedis } from './redis.mjs';
import { benchTakeover } from './takeover.mjs';
import { benchTraining } from './training.mjs';

const CALLS = [10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400];
const bundleDir = process.env.UNDERTONE_BENCH_BUNDLE ?? bundleDirectory({ bundle: null });
const bundle = await loadBundle(bundleDir);

const PARTS = {
  features: () => benchFeatures(),
  inference: () => benchInference(bundle),
  engines: () => benchEngines(bundle),
  memory: () => benchMemory(bundle),
  path: () => benchPath({ calls: CALLS, bundleDir }),
  training: () => benchTraining(),
  redis: () => benchRedis(),
  takeover: () => benchTakeover(),
  'kafka-gateway': () => benchKafkaGateway(),
  'kafka-ingest': () => benchKafkaIngest(),
  'kafka-latency': () => benchKafkaLatency(),
  'kafka-transactions': () => benchKafkaTransactions(),
  'kafka-backlog': () => benchKafkaBacklog(),
  'kafka-capacity': () => benchKafkaCapacity(),
  clone: () => benchClone(),
};
const chosen = process.argv.slice(2);
const names = chosen.length > 0 ? chosen : Object.keys(PARTS);
const unknown = names.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

const results = {};
for (const name of names) {
  console.error(`measuring ${name} …`);
  results[name] = await PARTS[name]();
  console.error(JSON.stringify(results[name], null, 2));
}

const measuredAt = new Date().toISOString();
const report = { measuredAt, machine: machineOf(), model: bundle.modelId, results };
const folder = join(fileURLToPath(new URL('results', import.meta.url)));
mkdirSync(folder, { recursive: true });
const path = join(folder, `${measuredAt.slice(0, 19).replaceAll(':', '')}.json`);
writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
console.log(`kept in bench/results/${path.split('/').at(-1)}`);
