import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { rdkafkaIsInstalled } from '../dist/bus/kafka/rdkafka/load.js';

const MEASURE = fileURLToPath(new URL('../test/chaos/takeover.ts', import.meta.url));
const DRIVERS = rdkafkaIsInstalled() ? ['kafkajs', 'node-rdkafka'] : ['kafkajs'];

/** How long calls go without points when a worker dies, and when all of them are restarted in turn. */
export async function benchTakeover() {
  const { module } = await runnerImport(MEASURE, { configFile: false, logLevel: 'error' });
  const figures = [];
  for (const driver of DRIVERS)
    figures.push(await module.measureTakeover(driver, (line) => console.error(line)));
  return figures;
}
