#!/usr/bin/env node
/**
 * Brings what the tests need beyond npm: Chromium, a Python environment with Keras, @tensorflow/tfjs-node, an up-to-date
 * dist/. What is there already is left alone, what can't be had is named with the command that would bring it; the
 * suites that need it then skip themselves, or fail where CI=true.
 *
 * What was found goes to .cache/test-environment.json. UNDERTONE_TEST_SETUP=skip does nothing of this.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, '.cache');
const record = join(cache, 'test-environment.json');
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

function script(name) {
  return spawnSync(process.execPath, [join(root, 'scripts', name)], { stdio: 'inherit' }).status === 0;
}

function aptInstall(name) {
  if (!isRoot || onPath('apt-get') === undefined) return false;
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', name);
}

function newestMs(folder, wanted) {
  const names = readdirSync(folder, { recursive: true }).filter(wanted);
  return Math.max(0, ...names.map((name) => statSync(join(folder, name)).mtimeMs));
}

function buildIsFresh() {
  const built = join(root, 'dist', 'cli', 'main.js');
  if (!existsSync(built)) return false;
  const isSource = (name) => /\.(tsx?|js|css|html)$/.test(name) && !name.endsWith('.test.ts');
  return newestMs(join(root, 'src'), isSource) <= statSync(built).mtimeMs;
}

function build() {
  try {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
    return true;
  } catch {
    return false;
  }
}

const NEEDS = [
  {
    name: 'build',
    command: 'npm run build',
    isThere: buildIsFresh,
    bring: build,
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
    isThere: () => existsSync(join(cache, 'python', 'undertone-stamp')),
    bring: () => script('setup-python.mjs'),
  },
  {
    name: 'tfjs',
    command: 'node scripts/install-tfjs.mjs',
    isThere: () =>
      existsSync(
        join(
          cache,
          'tfjs',
          'node_modules',
          '@tensorflow',
          'tfjs-node',
          'lib',
          'napi-v8',
          'tfjs_binding.node',
        ),
      ),
    bring: () => script('install-tfjs.mjs'),
  },
  {
    name: 'corpora',
    command: 'put the speech corpora into ../shared/corpora, or name their folder in UNDERTONE_CORPORA',
    isThere: () => existsSync(process.env.UNDERTONE_CORPORA ?? join(root, '..', 'shared', 'corpora')),
    bring: () => false,
  },
];

function provide(need) {
  if (need.isThere()) return { available: true, command: need.command };
  if (need.name !== 'corpora') say(`${need.name} is not there: ${need.command}`);
  const begin = Date.now();
  const available = need.bring() && need.isThere();
  const seconds = Math.round((Date.now() - begin) / 1000);
  say(
    available
      ? `${need.name} is there now (${seconds} s)`
      : `${need.name} can't be had here; to bring it: ${need.command}`,
  );
  return { available, command: need.command };
}

function readRecord() {
  return existsSync(record) ? readFileSync(record, 'utf8') : '';
}

if (process.env.UNDERTONE_TEST_SETUP !== 'skip') {
  const found = Object.fromEntries(NEEDS.map((need) => [need.name, provide(need)]));
  const text = `${JSON.stringify(found, null, 2)}\n`;
  mkdirSync(cache, { recursive: true });
  if (readRecord() !== text) writeFileSync(record, text);
  if (!found.build.available) process.exit(1);
}
