import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { samplesOf } from '../../dist/load/index.js';
import { onCores } from './cores.mjs';
import { support } from './support.mjs';

export const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const TICKS_A_SECOND = 100;
const PAGE_BYTES = 4096;
/** Where each worker leaves a CPU profile when it ends, if anybody wants one. */
const PROFILES = process.env.BENCH_PROFILES;
/** Nothing set in the environment takes part. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('UNDERTONE_')),
);

/** A process of the product, a worker as a rule, on its cores. */
export class Worker {
  #child;
  #url;

  static async start({ config }, cores) {
    const worker = new Worker();
    const { guardProcess, releaseProcess } = await support('servers/guard.ts');
    const listening = worker.#start(config, cores);
    const { pid } = worker.#child;
    guardProcess(pid);
    worker.#child.once('exit', () => releaseProcess(pid));
    await listening;
    return worker;
  }

  #start(config, cores) {
    const profile = PROFILES ? ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`] : [];
    const [program, ...args] = onCores(cores, [
      process.execPath,
      ...profile,
      CLI,
      'start',
      ...settingsOf(config),
    ]);
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: ENVIRONMENT });
    return new Promise((resolve, reject) => {
      this.#child.once('exit', (code) => reject(new Error(`a worker ended with ${code} before it listened`)));
      this.#child.stdout.on('data', (text) => {
        this.#url ??= /listening: (\S+)/.exec(String(text))?.[1];
        if (this.#url) resolve();
      });
    });
  }

  get url() {
    return this.#url;
  }

  /** Chunks that it has taken up. */
  async chunks() {
    const records = samplesOf(await this.metrics(), 'undertone_records_total');
    const taken = records.filter(
      ({ labels: { type, outcome } }) => type === 'audio.chunk' && outcome === 'taken',
    );
    return taken.reduce((sum, { value }) => sum + value, 0);
  }

  async metrics() {
    return (await fetch(`${this.#url}/metrics`)).text();
  }

  get usage() {
    return usageOf(this.#child.pid);
  }

  async stop() {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }
}

/** Processor time and memory of a process so far. */
export function usageOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
    rssBytes: Number(fields[21]) * PAGE_BYTES,
  };
}

/** A configuration as the program's options. */
export function settingsOf(config) {
  return ['roles', 'http', 'log', 'bus', 'gateway', 'model', 'worker'].flatMap((section) =>
    Array.isArray(config[section])
      ? ['--set', `${section}=${JSON.stringify(config[section])}`]
      : leavesOf(section, config[section]),
  );
}

/** `--set path=value` of everything in a section but nulls, which stand for a default that has no text. */
function leavesOf(path, value) {
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value))
    return ['--set', `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(`${path}.${name}`, inner));
}
