import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal } from '../chaos/journal.js';
import type { WorkerProcess } from '../chaos/worker-process.js';
import type { FakeClock } from './fake-clock.js';
import type { Installation } from './installation.js';
import type { ProductionOptions, StepName } from './options.js';

/** A step that was taken, by the wall clock. */
export interface Taken {
  /** What was done, and to whom. */
  readonly step: string;
  readonly fromAt: number;
  /** Whoever was away is ready again. */
  readonly toAt: number;
}

type Act = () => Promise<void>;

/** Takes the steps one after the other, with rests between them. */
export async function takeSteps(
  options: ProductionOptions,
  installation: Installation,
  journal: Journal,
): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  for (const name of options.steps) {
    for (const [step, act] of actsOf(name, options, installation)) {
      await sleep(1000 * options.restSeconds);
      const { at: fromAt } = journal.note(step);
      await act();
      const { at: toAt } = journal.note(`${step} is over`);
      taken.push({ step, fromAt, toAt });
    }
  }
  await sleep(1000 * options.restSeconds);
  return taken;
}

function actsOf(
  name: StepName,
  { redisAwaySeconds, freezeSeconds, clockSetSeconds }: ProductionOptions,
  { workers, gateway, console, redis, cluster, clock }: Installation,
): readonly (readonly [string, Act])[] {
  const [worker] = workers;
  switch (name) {
    case 'rolling-restart':
      return [...workers, console, gateway].map((process) => [`restart ${process.name}`, restart(process)]);
    case 'redis-away':
      return [['kill redis', away(redis, redisAwaySeconds)]];
    case 'broker-killed':
      return [['kill broker', away(cluster.brokers.at(-1)!, redisAwaySeconds / 2)]];
    case 'worker-frozen':
      return [[`freeze ${worker!.name}`, freeze(worker!, freezeSeconds)]];
    case 'worker-killed':
      return [[`kill ${worker!.name}`, kill(worker!)]];
    case 'log-disk-full':
      return [
        [`fill log disk of ${worker!.name}`, restartWithLog(worker!, { isDiskFull: true })],
        [`make room for log of ${worker!.name}`, restartWithLog(worker!, { isDiskFull: false })],
      ];
    case 'clock-set':
      return [1, -1].map((hours) => [
        `set clock ${hours > 0 ? 'forward' : 'back'} by an hour`,
        setClock(clock!, hours, clockSetSeconds),
      ]);
    case 'certificates-renewed':
      return [
        ['renew certificates of redis', () => redis.renewCertificates()],
        ['renew certificates of brokers', () => cluster.renewCertificates()],
      ];
  }
}

const restart = (process: WorkerProcess) => async () => {
  await process.terminate();
  await process.ready();
};

const restartWithLog =
  (process: WorkerProcess, { isDiskFull }: { isDiskFull: boolean }) =>
  async () => {
    process.isLogDiskFull = isDiskFull;
    await restart(process)();
  };

const kill = (process: WorkerProcess) => async () => {
  await process.kill();
  await process.ready();
};

const freeze = (process: WorkerProcess, seconds: number) => async () => {
  process.freeze();
  await sleep(1000 * seconds);
  process.thaw();
};

/** And right again. Back by an hour, certificates made since are not valid yet: it comes before those are renewed. */
const setClock = (clock: FakeClock, hours: number, seconds: number) => async () => {
  clock.set(3600 * hours);
  await sleep(1000 * seconds);
  clock.set(0);
};

const away = (server: { kill(): Promise<void>; start(): Promise<void> }, seconds: number) => async () => {
  await server.kill();
  await sleep(1000 * seconds);
  await server.start();
};
