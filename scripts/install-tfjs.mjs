#!/usr/bin/env node
/**
 * Installs @tensorflow/tfjs-node, the optional peer that trains, into `.cache/tfjs` of the checkout.
 *
 * First the way npm means it: the package's own install script, which downloads libtensorflow. Where that host can't
 * be reached, libtensorflow is taken from the `tensorflow_cpu` wheel of PyPI and the binding is compiled against it
 * (needs python3 with pip, a C++ compiler and make).
 *
 * UNDERTONE_TF_WHEEL=<file> uses a wheel that is already there.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '4.22.0';
const WHEEL = 'tensorflow_cpu==2.21.0';
/** libtensorflow of this wheel has the same C interface for every Python: one is named so that any python3 can ask. */
const WHEEL_PYTHON = '3.11';
const PLAIN_INSTALL_TIMEOUT_MS = 240_000;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const home = join(root, '.cache', 'tfjs');
const pkg = join(home, 'node_modules', '@tensorflow', 'tfjs-node');

const say = (text) => console.log(`tfjs: ${text}`);

function fail(text) {
  console.error(`tfjs: ${text}`);
  process.exit(1);
}

function run(command, args, options = {}) {
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 23) {
    fail(
      `@tensorflow/tfjs-node ${VERSION} does not run on Node ${process.versions.node} (it calls functions that Node 23 removed). ` +
        'Train with Node 20 or 22; serving needs no tfjs.',
    );
  }
}

/** Whether the installed package computes: asked in a child, because a broken binding can end the process. */
function works() {
  if (!existsSync(pkg)) return false;
  const probe = `const tf=require(${JSON.stringify(pkg)});process.exit(tf.add(2,3).dataSync()[0]===5?0:1)`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  return spawnSync(process.execPath, ['-e', probe], { stdio: 'ignore', env }).status === 0;
}

function fetchPackage() {
  if (existsSync(join(pkg, 'package.json'))) return;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"private":true}\n');
  say(`fetching @tensorflow/tfjs-node ${VERSION} into .cache/tfjs`);
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@tensorflow/tfjs-node@${VERSION}`], {
    cwd: home,
  });
}

function installPlainly() {
  say("trying the package's own install (downloads libtensorflow)");
  const options = { cwd: home, stdio: 'ignore', timeout: PLAIN_INSTALL_TIMEOUT_MS };
  spawnSync('npm', ['rebuild', '--foreground-scripts', '@tensorflow/tfjs-node'], options);
  return works();
}

function obtainWheel(folder) {
  const given = process.env.UNDERTONE_TF_WHEEL;
  if (given !== undefined) {
    if (!existsSync(given)) fail(`UNDERTONE_TF_WHEEL names ${given}, which does not exist.`);
    return given;
  }
  say(`downloading ${WHEEL} from PyPI (about 270 MB)`);
  const choice = ['--no-deps', '--only-binary=:all:', '--python-version', WHEEL_PYTHON];
  run('python3', ['-m', 'pip', 'download', '--quiet', ...choice, '--dest', folder, WHEEL]);
  const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (file === undefined) fail(`pip left no wheel in ${folder}.`);
  return join(folder, file);
}

/** Unpacks only the headers and the two libraries: the whole wheel takes over a gigabyte. */
function unpackWheel(wheel) {
  const script = `
import sys, zipfile, os, shutil
wheel, deps = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith('tensorflow/include/') and not name.endswith('/'):
            target = os.path.join(deps, 'include', name[len('tensorflow/include/'):])
        elif name in ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'):
            target = os.path.join(deps, 'lib', os.path.basename(name))
        else:
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(name) as source, open(target, 'wb') as copy:
            shutil.copyfileobj(source, copy)
`;
  const deps = join(pkg, 'deps');
  rmSync(deps, { recursive: true, force: true });
  run('python3', ['-c', script, wheel, deps]);
  const library = join(deps, 'lib');
  symlinkSync('libtensorflow_cc.so.2', join(library, 'libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(library, 'libtensorflow_framework.so'));
}

function nodeGyp() {
  const global = execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim();
  const candidates = [global, resolve(dirname(process.execPath), '..', 'lib', 'node_modules')];
  const found = candidates
    .map((folder) => join(folder, 'npm', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'))
    .find(existsSync);
  return found ?? fail('node-gyp was not found beside npm: install npm for this Node, then run this again.');
}

function compileBinding() {
  const prefix = resolve(dirname(process.execPath), '..');
  const headers = existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
  const binding = ['--module_name=tfjs_binding', `--module_path=${join(pkg, 'lib', 'napi-v8')}`];
  // Only the compiler's complaints are worth reading.
  const quiet = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, npm_config_loglevel: 'error' },
  };
  const args = [nodeGyp(), 'rebuild', ...headers, ...binding, '--napi_build_version=8'];
  run(process.execPath, args, { cwd: pkg, ...quiet });
}

function installFromWheel() {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-tf-'));
  try {
    const wheel = obtainWheel(folder);
    say('unpacking libtensorflow');
    unpackWheel(wheel);
    say('compiling the binding');
    compileBinding();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv.includes('--check')) process.exit(works() ? 0 : 1);
checkNode();
if (works()) {
  say('already installed and working');
} else {
  fetchPackage();
  if (!installPlainly()) {
    say('that did not work here: building against the wheel of PyPI');
    installFromWheel();
  }
  if (!works()) fail('the binding was built but does not compute; remove .cache/tfjs and run this again.');
  say('ready');
}
