import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { UndertoneError } from '../../errors.js';
import { type Check, type Finding, missing, ok } from './check.js';
import { findProgram, type ProgramSearch } from './programs.js';

interface OptionalProgram {
  readonly name: string;
  readonly programs: readonly string[];
  /** Variable that names the program itself, and wins over the path. */
  readonly variable?: string;
  readonly neededFor: string;
  readonly remedy: string;
}

/** Programs that Undertone itself runs without. */
const PROGRAMS: readonly OptionalProgram[] = [
  {
    name: 'Chromium',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    variable: 'CHROMIUM_PATH',
    neededFor: 'browser tests',
    remedy: 'apt-get install chromium',
  },
  {
    name: 'eSpeak NG',
    programs: ['espeak-ng'],
    neededFor: 'making the demo calls anew',
    remedy: 'apt-get install espeak-ng',
  },
  {
    name: 'SoX',
    programs: ['sox'],
    neededFor: 'making the demo calls anew',
    remedy: 'apt-get install sox',
  },
  {
    name: 'Redis',
    programs: ['redis-server'],
    neededFor: 'tests of what goes to Redis',
    remedy: 'apt-get install redis-server',
  },
  {
    name: 'Java',
    programs: ['java'],
    neededFor: 'running the Kafka broker of the tests',
    remedy: 'apt-get install default-jre-headless',
  },
  {
    name: 'Java compiler',
    programs: ['javac'],
    neededFor: 'running the Java example of a producer',
    remedy: 'apt-get install default-jdk-headless',
  },
  {
    name: 'Maven',
    programs: ['mvn'],
    neededFor: 'fetching the Kafka broker of the tests (node scripts/setup-kafka.mjs)',
    remedy: 'apt-get install maven',
  },
];

export function programChecks(search: ProgramSearch): readonly Check[] {
  return PROGRAMS.map((program) => ({
    name: program.name,
    required: false,
    neededFor: program.neededFor,
    run: () => findingOf(program, search),
  }));
}

function findingOf({ programs, variable = '', remedy }: OptionalProgram, search: ProgramSearch): Finding {
  const named = search.environment[variable];
  if (named === undefined) {
    const found = findProgram(programs, search);
    return found === undefined ? missing('not found', remedy) : ok(found);
  }
  if (search.isExecutable(named)) return ok(named);
  return missing(`${named} can't be run`, `Correct ${variable}, or unset it.`);
}

/** @param root the checkout, in whose `.cache` the scripts put what they fetch */
export function trainingChecks(root: string): readonly Check[] {
  return [
    {
      name: 'TensorFlow.js',
      required: false,
      neededFor: 'training, and the engine tfjs',
      async run() {
        const { loadTfjs } = await import('../../inference/index.js');
        return loadTfjs().then(
          () => ok('loads'),
          (error: UndertoneError) => missing(error.detail, error.remedy),
        );
      },
    },
    {
      name: 'Python, Keras',
      required: false,
      neededFor: 'comparing models with Keras',
      run() {
        const isThere = existsSync(join(root, '.cache', 'python', 'undertone-stamp'));
        return isThere ? ok('.cache/python') : missing('not set up', 'node scripts/setup-python.mjs');
      },
    },
  ];
}
