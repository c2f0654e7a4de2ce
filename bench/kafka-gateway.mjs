import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { described, layoutOf } from './kafka/cores.mjs';
import { rounded, scaled } from './kafka/sizes.mjs';
import { createRun, DRIVERS, startStage } from './kafka/stage.mjs';
import { CLI, settingsOf, usageOf, Worker } from './kafka/worker.mjs';

const CALLS = scaled(100);
const RAMP_SECONDS = 5;
const SETTLE_MS = 3000;
const MEASURE_MS = 15_000;
/**
 * Messages of a Twilio track are of 20 ms: in the first way each is a record. All ways are measured twice, in turn, so that none
 * has the better times.
 */
const WAYS = [
  { recordMs: 20, lingerMs: 5 },
  { recordMs: 128, lingerMs: 5 },
  { recordMs: 128, lingerMs: 20 },
];

/**
 * What one gateway and its broker cost while calls of two tracks come in over Twilio's protocol, by how much audio a record
 * of the audio log gathers, and by how long records wait for each other. Nobody works the log off.
 */
export async function benchKafkaGateway() {
  const layout = layoutOf(1, false);
  const stage = await startStage(layout);
  try {
    const [driver] = DRIVERS;
    const turns = [];
    for (const [turn, way] of [...WAYS, ...WAYS].entries())
      turns.push({ ...way, ...(await measure(stage, layout, driver, way, `gateway-${turn}`)) });
    console.table(turns);
    return { driver, calls: CALLS, cores: described(layout), turns };
  } finally {
    await stage.close();
  }
}

async function measure(stage, layout, driver, { recordMs, lingerMs }, name) {
  const gateway = { recordMs, maxStreams: 2 * CALLS, maxStreamsPerTenant: 2 * CALLS };
  const run = await createRun(stage, name, {
    roles: ['gateway'],
    gateway,
    bus: { kafka: { driver, lingerMs } },
  });
  const worker = await Worker.start(run, layout.workers[0]);
  const player = play(run, worker.url);
  try {
    await pause(1000 * RAMP_SECONDS + SETTLE_MS);
    const before = await counts(stage, run, worker);
    await pause(MEASURE_MS);
    const after = await counts(stage, run, worker);
    const seconds = (after.atMs - before.atMs) / 1000;
    const of = (part, decimals) => rounded((after[part] - before[part]) / seconds, decimals);
    return {
      gatewayCores: of('gateway', 3),
      brokerCores: of('broker', 3),
      recordsPerSecond: of('records'),
      logBytesPerSecond: of('bytes'),
    };
  } finally {
    await player.stop();
    await worker.stop();
  }
}

/** Nobody waits for its results: the gateway is what counts. */
function play({ config }, url) {
  const flags = {
    '--calls': CALLS,
    '--feed': 'twilio',
    '--url': url.replace(/^http/, 'ws'),
    '--results': 'kafka',
    '--ramp': `${RAMP_SECONDS}s`,
    '--duration': '1h',
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]);
  const command = [CLI, ...settingsOf(config), 'bench', 'load', ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  return {
    async stop() {
      if (child.exitCode !== null) throw new Error(`the player ended with ${child.exitCode}`);
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function counts(stage, run, worker) {
  const admin = stage.kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(run.audio);
  await admin.disconnect();
  return {
    atMs: Date.now(),
    records: offsets.reduce((sum, { high }) => sum + Number(high), 0),
    bytes: bytesOf(stage.broker.dataFolder, run.audio),
    gateway: worker.usage.cpuSeconds,
    broker: usageOf(stage.broker.pid).cpuSeconds,
  };
}

/** Of all segments of a topic. */
function bytesOf(dataFolder, topic) {
  const folders = readdirSync(dataFolder).filter((folder) => folder.startsWith(`${topic}-`));
  const files = folders.flatMap((folder) =>
    readdirSync(join(dataFolder, folder)).map((file) => join(dataFolder, folder, file)),
  );
  return files.filter((file) => file.endsWith('.log')).reduce((sum, file) => sum + statSync(file).size, 0);
}
