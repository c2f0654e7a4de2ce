#!/usr/bin/env node
/**
 * Checks the image where there is no container engine: carries out the steps of the Dockerfile in a clean folder, with the
 * programs of this machine in the place of the base image's, and runs the result as a container is run: nothing installed
 * beside it, the image's user, no write access.
 *
 *   node deploy/docker/check.mjs [--target undertone|undertone-rdkafka]
 *
 * It does not see what only the base image has: Debian's packages (RUN apt-get is named, not run) and its Node.js.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { carryOut } from './check/carry-out.mjs';
import { Container } from './check/container.mjs';
import { installedPackages, listedPackages, megabytes } from './check/contents.mjs';
import { copyContext } from './check/context.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (line) => console.log(line);
const { values } = parseArgs({ options: { target: { type: 'string', default: 'undertone' } } });

const folder = mkdtempSync(join(tmpdir(), 'undertone-image-'));
// The user of the image has to get in.
chmodSync(folder, 0o755);
try {
  const image = build(values.target);
  const home = join(image.root, image.workdir);
  say(
    `\n${values.target}: ${megabytes(home)} MB beside the base image, ${megabytes(join(home, 'node_modules'))} of them npm packages`,
  );
  checkList(home);
  const container = new Container(image);
  say(`run with: ${container.how}; Node ${process.versions.node}`);
  checkRefusal(container);
  checkClassify(container);
  if (values.target === 'undertone-rdkafka') checkDriver(container);
  await checkService(container);
  say('the image holds');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function build(target) {
  const context = join(folder, 'context');
  mkdirSync(context);
  copyContext(root, context);
  const dockerfile = readFileSync(join(root, 'deploy', 'docker', 'Dockerfile'), 'utf8');
  return carryOut({ dockerfile, context, target, folder: join(folder, 'stages'), say });
}

/** The list of packages names what is there, and nothing else. */
function checkList(home) {
  const installed = installedPackages(join(home, 'node_modules'));
  assert.deepEqual(listedPackages(join(home, 'dist', 'sbom.cdx.json')), installed);
  say(`✓ the list of packages (SBOM) names the ${installed.length} that are there`);
}

/** Without tokens and the declaration about TLS, nothing listens. */
function checkRefusal(container) {
  const { status, output } = container.run();
  assert.equal(status, 1, output);
  assert.match(output, /UT_CONFIG_EXPOSED_WITHOUT_TLS/);
  assert.match(output, /console\.tokens .*is empty/);
  say('✓ as it comes, it refuses to listen without tokens and TLS');
}

/** Recordings are heard without the packages that draw, and who asks for a picture is told. */
function checkClassify(container) {
  const heard = container.run(['classify', 'demo/lost-parcel.wav']);
  assert.equal(heard.status, 0, heard.output);
  const drawn = container.run(['classify', 'demo/lost-parcel.wav', '--plot', 'picture.png']);
  assert.match(drawn.output, /UT_CLI_NO_PICTURES/);
  say('✓ it hears recordings, and says that it does not draw');
}

function checkDriver(container) {
  const ask = "require('./.cache/rdkafka/node_modules/node-rdkafka').librdkafkaVersion";
  const { status, output } = container.exec(['node', '-p', ask]);
  assert.equal(status, 0, output);
  say(`✓ the native Kafka driver loads: librdkafka ${output.trim()}`);
}

async function checkService(container) {
  const port = await freePort();
  const env = { UNDERTONE_HTTP_PORT: String(port) };
  const args = ['start', '--demo', '--set', 'http.host=127.0.0.1'];
  const service = await container.start(args, env, 'Undertone is listening');
  try {
    const { status, output } = container.healthcheck(env);
    assert.equal(status, 0, output);
    assert.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200);
    say('✓ it starts, HEALTHCHECK says 0 and /health/ready 200');
    const windows = await classifiedWindows(`http://127.0.0.1:${port}/metrics`);
    say(`✓ it hears the demo calls: ${windows} windows classified`);
    assert.equal(await service.stop(), 0);
    say('✓ SIGTERM ends it with 0');
  } finally {
    service.kill();
  }
  assert.equal(container.healthcheck(env).status, 1);
  say('✓ HEALTHCHECK says 1 of what does not run');
}

/** Waits until the model has answered. */
async function classifiedWindows(url) {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const text = await (await fetch(url)).text();
    const count = Number(/undertone_windows_total\{outcome="classified"\} (\d+)/.exec(text)?.[1] ?? 0);
    if (count > 0) return count;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('no window was classified within half a minute');
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
