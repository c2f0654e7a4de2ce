import type { Config } from '../../config/index.js';
import { type Check, type Finding, failed, ok, warning } from './check.js';

/** What this machine grants the process. */
export interface Resources {
  /** Files and sockets open at once; undefined where the system does not say. */
  readonly maxOpenFiles: number | undefined;
  /** Memory of the machine, or of the container where it has less, bytes. */
  readonly memoryBytes: number;
  /** By folder: what is free on its disk, bytes. */
  readonly freeBytes: ReadonlyMap<string, number>;
  /** `UV_THREADPOOL_SIZE`. */
  readonly threadPool: number;
  readonly cores: number;
}

const MIB = 1024 * 1024;
/** Files that a process has open without a single call: its libraries, logs, the model, the servers it speaks to. */
const OWN_FILES = 100;
/** Resident memory of a process at rest, and of each thread that classifies, with the default model; rounded up. */
const BASE_BYTES = 250 * MIB;
const THREAD_BYTES = 40 * MIB;
const LEAST_FREE_BYTES = 512 * MIB;

/** Open files, memory, disk and libuv's threads against what the configuration may ask for. */
export function resourceChecks(config: Config, resources: Resources): readonly Check[] {
  const base = { required: true, neededFor: 'undertone start' } as const;
  return [
    { ...base, name: 'Open files', run: () => openFiles(config, resources) },
    { ...base, name: 'Memory', run: () => memory(config, resources) },
    { ...base, name: 'Disk', run: () => disk(resources) },
    ...(config.bus.kind === 'kafka' && config.bus.kafka.driver === 'node-rdkafka'
      ? [{ ...base, name: 'Thread pool', run: () => threadPool(config, resources) }]
      : []),
  ];
}

function openFiles({ roles, gateway, console }: Config, { maxOpenFiles }: Resources): Finding {
  const needed =
    OWN_FILES +
    (roles.includes('gateway') ? gateway.maxStreams : 0) +
    (roles.includes('console') ? console.maxStreams : 0);
  if (maxOpenFiles === undefined) return ok('this system does not say how many');
  if (maxOpenFiles >= needed) return ok(`${maxOpenFiles} allowed, ${needed} needed at most`);
  return failed(
    `${maxOpenFiles} allowed, ${needed} needed at most`,
    `Raise the limit (\`ulimit -n ${needed}\`, \`LimitNOFILE=\` of systemd), or lower gateway.maxStreams.`,
  );
}

/** The bounds of what may wait, all full at once, beside what the process and its model take. */
export function boundedBytes({ bus, roles, model }: Config, cores: number): number {
  const threads = roles.includes('worker') ? (model.threads ?? Math.max(1, cores - 1)) : 0;
  const { kafka } = bus;
  const topics = Object.values(bus.topics).reduce((sum, topic) => sum + topic.maxBytesPerPartition, 0);
  const memoryBus = bus.partitions * topics;
  const kafkaBus =
    (roles.includes('gateway') ? kafka.maxBufferedBytes : 0) +
    (roles.includes('worker') ? bus.partitions * kafka.readAheadBytes : 0);
  return BASE_BYTES + threads * THREAD_BYTES + (bus.kind === 'memory' ? memoryBus : kafkaBus);
}

function memory(config: Config, { memoryBytes, cores }: Resources): Finding {
  const needed = boundedBytes(config, cores);
  const facts = `${inMib(memoryBytes)} there, ${inMib(needed)} with all bounds full`;
  if (memoryBytes >= needed) return ok(facts);
  return warning(
    facts,
    'Give it more, or lower the bounds: bus.topics.*.maxBytesPerPartition, bus.kafka.readAheadBytes, model.threads.',
  );
}

function disk({ freeBytes }: Resources): Finding {
  const full = [...freeBytes].filter(([, free]) => free < LEAST_FREE_BYTES);
  const list = (entries: readonly (readonly [string, number])[]): string =>
    entries.map(([folder, free]) => `${folder} ${inMib(free)} free`).join(', ');
  if (full.length === 0) return ok(list([...freeBytes]));
  return warning(list(full), 'Make room: Undertone writes no audio, but logs and crash reports need some.');
}

function threadPool({ bus, roles }: Config, { threadPool: size }: Resources): Finding {
  const needed = bus.partitions + 4;
  if (!roles.includes('worker') || !bus.kafka.transactions || size >= needed) return ok(`${size} threads`);
  return warning(
    `UV_THREADPOOL_SIZE is ${size}; a worker that owns all ${bus.partitions} partitions needs ${needed}`,
    `Set UV_THREADPOOL_SIZE=${needed} in the environment of the workers.`,
  );
}

const inMib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;
