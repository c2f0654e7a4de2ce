import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { numberOf } from '../support/number-option.js';

/** What one run against a whole installation is made of. */
export interface ProductionOptions {
  readonly calls: number;
  readonly workers: number;
  readonly partitions: number;
  readonly brokers: number;
  /** Names of {@link STEPS}, in their order. */
  readonly steps: readonly StepName[];
  /** Undisturbed time before each step and after the last one. */
  readonly restSeconds: number;
  /** How long Redis is away. */
  readonly redisAwaySeconds: number;
  readonly freezeSeconds: number;
  /** How long the clocks of the processes are wrong. */
  readonly clockSetSeconds: number;
  /** Folder of the bundle; `null` = the default one. */
  readonly bundle: string | null;
  /** `cli/main.js` of the build that is tried. */
  readonly program: string;
  /** Where logs, events and the result go. */
  readonly runsFolder: string;
  /** File in which the result is kept as those of `bench/results` are; `null` = none. */
  readonly out: string | null;
}

/** What is done to an installation while calls run, in the order in which it is done. */
export const STEPS = [
  'rolling-restart',
  'redis-away',
  'broker-killed',
  'worker-frozen',
  'worker-killed',
  'log-disk-full',
  'clock-set',
  'certificates-renewed',
] as const;
export type StepName = (typeof STEPS)[number];

const ROOT = new URL('../../', import.meta.url);

export const DEFAULTS: ProductionOptions = {
  calls: 300,
  workers: 3,
  partitions: 12,
  brokers: 3,
  steps: STEPS,
  restSeconds: 20,
  redisAwaySeconds: 60,
  freezeSeconds: 30,
  clockSetSeconds: 30,
  bundle: null,
  program: fileURLToPath(new URL('dist/cli/main.js', ROOT)),
  runsFolder: fileURLToPath(new URL('runs', ROOT)),
  out: null,
};

export const USAGE = `npm run production -- [options]

  --calls N          calls at the same time (300)
  --workers N        worker processes (3)
  --partitions N     partitions of every topic (12)
  --brokers 1|3      Kafka brokers (3)
  --steps A,B        of ${STEPS.join(', ')} (all)
  --rest N           undisturbed seconds before each step (20)
  --redis-away N     seconds without Redis (60)
  --freeze N         seconds for which a worker is stopped (30)
  --clock-set N      seconds for which the processes' clock is an hour wrong (30)
  --bundle FOLDER    another model
  --program FILE     cli/main.js of the build to try (dist/cli/main.js)
  --out FILE         keep the result, for docs/faults.md in bench/results`;

/** @throws where an option is not known or not usable */
export function parseOptions(args: readonly string[]): ProductionOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: text,
      workers: text,
      partitions: text,
      brokers: text,
      steps: text,
      rest: text,
      'redis-away': text,
      freeze: text,
      'clock-set': text,
      bundle: text,
      program: text,
      out: text,
    },
  });
  return {
    ...DEFAULTS,
    calls: numberOf('calls', values.calls, DEFAULTS.calls),
    workers: numberOf('workers', values.workers, DEFAULTS.workers),
    partitions: numberOf('partitions', values.partitions, DEFAULTS.partitions),
    brokers: numberOf('brokers', values.brokers, DEFAULTS.brokers),
    steps: stepsOf(values.steps),
    restSeconds: numberOf('rest', values.rest, DEFAULTS.restSeconds),
    redisAwaySeconds: numberOf('redis-away', values['redis-away'], DEFAULTS.redisAwaySeconds),
    freezeSeconds: numberOf('freeze', values.freeze, DEFAULTS.freezeSeconds),
    clockSetSeconds: numberOf('clock-set', values['clock-set'], DEFAULTS.clockSetSeconds),
    bundle: values.bundle ?? DEFAULTS.bundle,
    program: values.program ?? DEFAULTS.program,
    out: values.out ?? DEFAULTS.out,
  };
}

function stepsOf(text: string | undefined): readonly StepName[] {
  if (text === undefined) return STEPS;
  const asked = text.split(',');
  const unknown = asked.find((name) => !(STEPS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`--steps has ${STEPS.join(', ')}, not "${unknown}".`);
  return STEPS.filter((name) => asked.includes(name));
}
