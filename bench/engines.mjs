import { loadavg } from 'node:os';
import { createClassifier, ENGINES, tfjsIsInstalled } from '../dist/inference/index.js';

const WARM_UP_WINDOWS = 10;
const ROUNDS = 9;
const WINDOWS_A_ROUND = 20;

/**
 * The engines side by side on one bundle, one thread each, turn and turn about, so that whatever else the machine does
 * hits both. The time of a processor counts, too: on a shared machine it says more than the clock.
 */
export async function benchEngines(bundle) {
  const engines = ENGINES.filter((engine) => engine !== 'tfjs' || tfjsIsInstalled());
  const runners = [];
  for (const engine of engines) runners.push(await runnerOf(engine, bundle));
  for (let round = 0; round < ROUNDS; round++) for (const { measure } of runners) await measure();
  const results = runners.map(({ result }) => result());
  for (const { close } of runners) await close();
  return { machineLoad: round(loadavg()[0]), engines: results };
}

async function runnerOf(engine, bundle) {
  const classifier = createClassifier(engine, { bundle, threads: 1 });
  await classifier.start();
  const length = bundle.network.architecture.inputShape.reduce((product, size) => product * size, 1);
  const window = Float32Array.from({ length }, (_, i) => Math.sin(i * 0.1));
  const run = async (count) => {
    for (let i = 0; i < count; i++) await classifier.classify(window);
  };
  await run(WARM_UP_WINDOWS);
  const elapsedMs = [];
  const processorMs = [];
  return {
    async measure() {
      const [begin, before] = [performance.now(), process.cpuUsage()];
      await run(WINDOWS_A_ROUND);
      elapsedMs.push((performance.now() - begin) / WINDOWS_A_ROUND);
      const { user, system } = process.cpuUsage(before);
      processorMs.push((user + system) / 1000 / WINDOWS_A_ROUND);
    },
    result: () => ({
      engine,
      windowMs: round(median(elapsedMs)),
      bestRoundWindowMs: round(Math.min(...elapsedMs)),
      processorMsAWindow: round(median(processorMs)),
      windowsPerSecondPerCore: Math.round(1000 / median(processorMs)),
    }),
    close: () => classifier.close(),
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value) => Math.round(value * 100) / 100;
