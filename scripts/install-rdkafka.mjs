#!/usr/bin/env node
/**
 * Installs node-rdkafka, the optional Kafka client for production, into `.cache/rdkafka` of the checkout.
 *
 * It is compiled against the librdkafka of the system (Debian: librdkafka-dev), which takes some twenty seconds; needs
 * python3, a C++ compiler and make. UNDERTONE_BUILD_LIBRDKAFKA=1 compiles the newer librdkafka in the package itself
 * instead (two minutes, half a gigabyte; libssl-dev for TLS and SCRAM): Debian 12 has 2.0.2, which cannot do SCRAM with
 * present brokers.
 *
 * `--check` tells by its exit status whether an installed package works.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '3.6.1';
const PACKAGES = 'librdkafka-dev python3 g++ make';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const home = join(root, '.cache', 'rdkafka');
const pkg = join(home, 'node_modules', 'node-rdkafka');

const say = (text) => console.log(`rdkafka: ${text}`);

function fail(text) {
  console.error(`rdkafka: ${text}`);
  process.exit(1);
}

/** Whether the installed package loads: asked in a child, because a broken binding can end the process. */
function works() {
  if (!existsSync(pkg)) return false;
  const probe = `process.exit(require(${JSON.stringify(pkg)}).librdkafkaVersion === undefined ? 1 : 0)`;
  return spawnSync(process.execPath, ['-e', probe], { stdio: 'ignore' }).status === 0;
}

/** npm runs install scripts only of packages that the folder's own package.json names, and builds nothing twice. */
function install() {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const manifest = { private: true, allowScripts: { 'node-rdkafka': true } };
  writeFileSync(join(home, 'package.json'), `${JSON.stringify(manifest)}\n`);
  const own = process.env.UNDERTONE_BUILD_LIBRDKAFKA === '1';
  say(`building node-rdkafka ${VERSION} with ${own ? 'its own librdkafka' : "the system's librdkafka"}`);
  // One job: librdkafka's own configuration has no place in a parallel make.
  const env = { ...process.env, BUILD_LIBRDKAFKA: own ? '1' : '0', JOBS: '1', npm_config_loglevel: 'error' };
  const args = ['install', '--no-audit', '--no-fund', `node-rdkafka@${VERSION}`];
  // The compiler's warnings are of no use to anybody here; npm repeats its output where it fails.
  return spawnSync('npm', args, { cwd: home, env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

if (process.argv.includes('--check')) process.exit(works() ? 0 : 1);
if (works()) say('already installed and working');
else {
  if (!install()) fail(`it does not compile here; on Debian it needs: apt-get install ${PACKAGES}`);
  if (!works()) fail('it was built but does not load; remove .cache/rdkafka and run this again.');
  say('ready');
}
