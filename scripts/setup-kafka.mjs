#!/usr/bin/env node
/**
 * Brings a real Kafka broker for the tests, without Docker: the jars that scripts/kafka/pom.xml names, by Maven, into
 * `.cache/kafka/lib` (43 MB). Run again, it does nothing unless the pom changed.
 *
 *   node scripts/setup-kafka.mjs            create or update
 *   node scripts/setup-kafka.mjs --check    exit code 0 when ready, 1 when not; changes nothing
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_JAVA = 17;

const root = fileURLToPath(new URL('..', import.meta.url));
const pom = join(root, 'scripts', 'kafka', 'pom.xml');
const home = join(root, '.cache', 'kafka');
/** Written when all jars are there: the pom that they came from. */
const stampFile = join(home, 'undertone-stamp');

const say = (text) => console.log(`setup-kafka: ${text}`);

function fail(text) {
  console.error(`setup-kafka: ${text}`);
  process.exit(1);
}

/** The major version of the `java` on the path, or undefined. */
function javaVersion() {
  const { status, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const [, major] = /version "(\d+)/.exec(stderr ?? '') ?? [];
  return status === 0 && major !== undefined ? Number(major) : undefined;
}

function hasJava() {
  return (javaVersion() ?? 0) >= OLDEST_JAVA;
}

function hasJars() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === readFileSync(pom, 'utf8');
}

function fetchJars() {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const goal = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${join(home, 'lib')}`,
  ];
  const { error, status, stdout } = spawnSync('mvn', ['-B', '-q', '-f', pom, ...goal], { encoding: 'utf8' });
  if (error) fail('needs Maven (Debian: apt-get install maven).');
  if (status !== 0) fail(`mvn ended with ${status}:\n${stdout.split('\n').slice(0, 15).join('\n')}`);
  writeFileSync(stampFile, readFileSync(pom, 'utf8'));
}

if (process.argv.includes('--check')) {
  if (!hasJava() || !hasJars()) fail('not set up; run: node scripts/setup-kafka.mjs');
} else if (!hasJava()) {
  fail(
    `needs Java ${OLDEST_JAVA} or later, found ${javaVersion() ?? 'none'} (Debian: apt-get install default-jre-headless).`,
  );
} else if (hasJars()) {
  say(`ready in ${home}`);
} else {
  say('fetching the jars of the broker (43 MB)');
  fetchJars();
  say('ready');
}
