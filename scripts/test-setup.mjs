#!/usr/bin/env node
/**
 * Brings what the tests need beyond npm: Chromium, a Python environment with Keras, @tensorflow/tfjs-node, a Kafka broker,
 * Redis, helm, Prometheus, an up-to-date dist/. What is there already is left alone, what can't be had is named with the command that would bring it; the
 * suites that need it then skip themselves, or fail where CI=true.
 * UNDERTONE_TEST_SETUP=skip does nothing of this.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, isBuilt } from './ensure-built.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const isRoot = process.getuid?.() === 0;

const say = (text) => console.log(`test-setup: ${text}`);

function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function script(name, ...args) {
  const stdio = args.includes('--check') ? 'ignore' : 'inherit';
  return spawnSync(process.execPath, [join(root, 'scripts', name), ...args], { stdio }).status === 0;
}

/** Runs a script; where it fails, installs what a bare machine may lack for it, and runs it once more. */
function scriptWith(name, ...packages) {
  return script(name) || (aptInstall(...packages) && script(name));
}

function aptInstall(...names) {
  if (!isRoot || onPath('apt-get') === undefined) return false;
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  // One source that can't be read does not mean that the packages can't be had.
  apt('update', '-qq');
  return apt('install', '-y', '-qq', '--no-install-recommends', ...names);
}

const NEEDS = [
  {
    name: 'build',
    command: 'npm run build',
    isThere: isBuilt,
    bring: ensureBuilt,
  },
  {
    name: 'chromium',
    command: 'apt-get install chromium',
    isThere: () =>
      process.env.CHROMIUM_PATH !== undefined ||
      onPath('chromium', 'chromium-browser', 'google-chrome') !== undefined,
    bring: () => aptInstall('chromium'),
  },
  {
    name: 'python',
    command: 'node scripts/setup-python.mjs',
    isThere: () => script('setup-python.mjs', '--check'),
    bring: () => scriptWith('setup-python.mjs', 'python3', 'python3-venv'),
  },
  {
    name: 'tfjs',
    command: 'node scripts/install-tfjs.mjs',
    isThere: () => script('install-tfjs.mjs', '--check'),
    bring: () => scriptWith('install-tfjs.mjs', 'python3', 'python3-pip', 'g++', 'make'),
  },
  {
    name: 'jdk',
    command: 'apt-get install default-jdk-headless',
    isThere: () => onPath('javac') !== undefined,
    bring: () => aptInstall('default-jdk-headless'),
  },
  {
    name: 'kafka',
    command: 'node scripts/setup-kafka.mjs',
    isThere: () => script('setup-kafka.mjs', '--check'),
    bring: () => scriptWith('setup-kafka.mjs', 'default-jre-headless', 'maven', 'openssl'),
  },
  {
    name: 'rdkafka',
    command: 'node scripts/install-rdkafka.mjs',
    isThere: () => script('install-rdkafka.mjs', '--check'),
    bring: () => scriptWith('install-rdkafka.mjs', 'librdkafka-dev', 'python3', 'g++', 'make'),
  },
  {
    name: 'redis',
    command: 'apt-get install redis-server',
    isThere: () => onPath('redis-server') !== undefined,
    bring: () => aptInstall('redis-server'),
  },
  {
    name: 'deploy-tools',
    command: 'node scripts/setup-deploy-tools.mjs',
    isThere: () => script('setup-deploy-tools.mjs', '--check'),
    bring: () => script('setup-deploy-tools.mjs'),
  },
  {
    name: 'prometheus',
    command: 'apt-get install prometheus',
    isThere: () => onPath('prometheus') !== undefined && onPath('promtool') !== undefined,
    bring: () => aptInstall('prometheus'),
  },
  {
    name: 'corpora',
    command: 'put the speech corpora into ../shared/corpora, or name their folder in UNDERTONE_CORPORA',
    isThere: () => existsSync(process.env.UNDERTONE_CORPORA ?? join(root, '..', 'shared', 'corpora')),
    bring: () => false,
  },
];

function provide(need) {
  if (need.isThere()) return true;
  if (need.name !== 'corpora') say(`${need.name} is not there: ${need.command}`);
  const begin = Date.now();
  const available = need.bring() && need.isThere();
  const seconds = Math.round((Date.now() - begin) / 1000);
  say(
    available
      ? `${need.name} is there now (${seconds} s)`
      : `${need.name} can't be had here; to bring it: ${need.command}`,
  );
  return available;
}

if (process.env.UNDERTONE_TEST_SETUP !== 'skip') {
  const missing = NEEDS.filter((need) => !provide(need)).map(({ name }) => name);
  if (missing.includes('build')) process.exit(1);
}
