import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const POLL_MS = 250;

/** From `git clone` through `npm ci && npm start` to the first classified window of a demo call. */
export async function benchClone() {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-clone-'));
  const quiet = { cwd: folder, stdio: 'ignore' };
  const begin = performance.now();
  execFileSync('git', ['clone', '--quiet', REPOSITORY, folder], quiet);
  execFileSync('npm', ['ci'], quiet);
  const installed = performance.now();
  const env = { ...process.env, UNDERTONE_HTTP_PORT: '0' };
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  try {
    await firstWindow(await urlOf(child));
    const seconds = (from) => Math.round((performance.now() - from) / 100) / 10;
    return { cloneToMovingPageSeconds: seconds(begin), ofWhichStartSeconds: seconds(installed) };
  } finally {
    process.kill(-child.pid, 'SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

function urlOf(child) {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      const url = /listening: (\S+)/.exec(String(chunk))?.[1];
      if (url) resolve(url);
    });
  });
}

async function firstWindow(url) {
  for (;;) {
    const { calls } = await (await fetch(`${url}/api/calls`)).json();
    if (calls.some(({ legs }) => legs.customer?.windows > 0)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
