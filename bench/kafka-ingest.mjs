import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { described, layoutOf, onCores } from './kafka/cores.mjs';
import { rounded, scaled } from './kafka/sizes.mjs';
import { DRIVERS, startStage } from './kafka/stage.mjs';
import { warmUp, workOff } from './kafka/work-off.mjs';

const PARTIAL = fileURLToPath(new URL('kafka/partial-worker.mjs', import.meta.url));
const PARTS = ['consume', 'decode', 'hear'];
const SIZE = { chunks: scaled(300_000), calls: 100 };

/**
 * One worker on one core works off a log of 20 ms chunks without the model: from the moment when it sees them to its
 * last commit. And what parts of that work cost by themselves, on the same log.
 */
export async function benchKafkaIngest() {
  const layout = layoutOf(1);
  const stage = await startStage(layout);
  try {
    await warmUp(stage);
    const drivers = [];
    for (const driver of DRIVERS) drivers.push(await measure(stage, layout, driver));
    console.table(drivers.flatMap(({ driver, parts }) => parts.map((part) => ({ driver, ...part }))));
    return { cores: described(layout), calls: SIZE.calls, drivers };
  } finally {
    await stage.close();
  }
}

async function measure(stage, layout, driver) {
  const { figures, run, log } = await workOff(stage, driver, layout, SIZE, { bus: { kafka: { driver } } });
  const parts = [];
  for (const part of PARTS) parts.push({ part, ...(await runPart(part, run, log, layout)) });
  const { chunksPerSecond, workerCpuSecondsPerMillion: cpuSecondsPerMillion } = figures;
  parts.push({ part: 'whole', chunksPerSecond, cpuSecondsPerMillion });
  return { driver, ...figures, parts };
}

async function runPart(part, { config, name }, { records, chunks }, { workers: [core] }) {
  const { bus } = config;
  const own = { ...config, bus: { ...bus, kafka: { ...bus.kafka, group: `${name}-${part}` } } };
  const command = [process.execPath, PARTIAL, part, String(records), JSON.stringify(own)];
  const [program, ...args] = onCores(core, command);
  const { stdout } = await promisify(execFile)(program, args);
  const { seconds, cpuSeconds } = JSON.parse(stdout);
  return {
    chunksPerSecond: rounded(chunks / seconds),
    cpuSecondsPerMillion: rounded((cpuSeconds * 1e6) / chunks, 1),
  };
}
