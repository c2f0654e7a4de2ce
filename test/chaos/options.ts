import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { numberOf } from '../support/number-option.js';

/** What one run of the harness is made of; the seed fixes everything else. */
export interface ChaosOptions {
  readonly driver: 'kafkajs' | 'node-rdkafka';
  readonly seed: string;
  /** Length of the time with faults. */
  readonly seconds: number;
  readonly calls: number;
  /** Audio of a call, on average. */
  readonly callSeconds: number;
  /** Audio runs so many times faster than real time. */
  readonly speed: number;
  readonly workers: number;
  readonly partitions: number;
  readonly brokers: number;
  readonly redis: boolean;
  readonly engine: 'onnx' | 'drop';
  /** How long a worker that is stopped (SIGSTOP) stays so. */
  readonly freezeSeconds: number;
  readonly sessionTimeoutMs: number;
  /** A call that no record tells the end of is over after this. */
  readonly idleTimeoutMs: number;
  /** `cli/main.js` of the build that is tried. */
  readonly program: string;
  /** Where reports and evidence go. */
  readonly runsFolder: string;
}

const ROOT = new URL('../../', import.meta.url);

export const DEFAULTS: ChaosOptions = {
  driver: 'kafkajs',
  seed: '1',
  seconds: 180,
  calls: 100,
  callSeconds: 90,
  speed: 2,
  workers: 3,
  partitions: 12,
  brokers: 1,
  redis: false,
  engine: 'onnx',
  freezeSeconds: 20,
  sessionTimeoutMs: 6_000,
  idleTimeoutMs: 45_000,
  program: fileURLToPath(new URL('dist/cli/main.js', ROOT)),
  runsFolder: fileURLToPath(new URL('runs', ROOT)),
};

export const USAGE = `npm run chaos -- [options]

  --driver kafkajs|node-rdkafka   Kafka client of the workers (kafkajs)
  --seconds N                     length of the time with faults (180)
  --seed TEXT                     fixes calls and faults (drawn and printed)
  --calls N                       replayed calls (100)
  --call-seconds N                audio of a call, on average (90)
  --speed N                       times faster than real time (2)
  --workers N                     worker processes (3)
  --partitions N                  partitions of every topic (12)
  --brokers 1|3                   Kafka brokers (1)
  --redis                         with a Redis that is killed, too
  --engine onnx|drop              the shipped model, or a stand-in that costs nothing (onnx)
  --program FILE                  cli/main.js of the build to try (dist/cli/main.js)`;

/** @throws where an option is not known or not usable */
export function parseOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      driver: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string' },
      calls: { type: 'string' },
      'call-seconds': { type: 'string' },
      speed: { type: 'string' },
      workers: { type: 'string' },
      partitions: { type: 'string' },
      brokers: { type: 'string' },
      redis: { type: 'boolean' },
      engine: { type: 'string' },
      program: { type: 'string' },
    },
  });
  return {
    ...DEFAULTS,
    driver: oneOf('driver', values.driver, ['kafkajs', 'node-rdkafka'], DEFAULTS.driver),
    engine: oneOf('engine', values.engine, ['onnx', 'drop'], DEFAULTS.engine),
    seed: values.seed ?? String(Math.floor(Math.random() * 1e6)),
    seconds: numberOf('seconds', values.seconds, DEFAULTS.seconds),
    calls: numberOf('calls', values.calls, DEFAULTS.calls),
    callSeconds: numberOf('call-seconds', values['call-seconds'], DEFAULTS.callSeconds),
    speed: numberOf('speed', values.speed, DEFAULTS.speed),
    workers: numberOf('workers', values.workers, DEFAULTS.workers),
    partitions: numberOf('partitions', values.partitions, DEFAULTS.partitions),
    brokers: numberOf('brokers', values.brokers, DEFAULTS.brokers),
    redis: values.redis ?? DEFAULTS.redis,
    program: values.program ?? DEFAULTS.program,
  };
}

function oneOf<T extends string>(
  name: string,
  text: string | undefined,
  allowed: readonly T[],
  otherwise: T,
): T {
  if (text === undefined) return otherwise;
  const value = allowed.find((candidate) => candidate === text);
  if (value === undefined) throw new Error(`--${name} must be one of ${allowed.join(', ')}, not "${text}".`);
  return value;
}
