import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, createWriteStream, openSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardProcess, releaseProcess } from '../support/servers/guard.js';
import type { Journal } from './journal.js';

/** Linux: every write to it finds the disk full. */
const FULL_DISK = '/dev/full';
/** As a supervisor does it. */
const RESTART_MS = 500;
const POLL_MS = 50;
const READY_LIMIT_MS = 60_000;
/** Longer than the program gives itself: drain and grace. */
const EXIT_LIMIT_MS = 20_000;

export interface WorkerLaunch {
  readonly name: string;
  readonly program: string;
  /** `path=value`, as `--set` takes them. */
  readonly settings: readonly string[];
  /** Added to that of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long after its death it is started again. */
  readonly restartMs?: number;
}

/** A worker as its supervisor knows it: whenever it has died it is started again, until it is retired. */
export class WorkerProcess {
  readonly name: string;
  /** Deaths that nobody had ordered, in words. */
  readonly complaints: string[] = [];
  /** Whether the log of processes that are started from now on goes to a full disk. */
  isLogDiskFull = false;
  readonly #launch: WorkerLaunch;
  readonly #journal: Journal;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #listening = false;
  /** It has never been ready: what ends it now would end it again. */
  #isUnproven = true;
  #ordered: NodeJS.Signals | null = null;
  #retired = false;

  constructor(launch: WorkerLaunch, journal: Journal) {
    this.name = launch.name;
    this.#launch = launch;
    this.#journal = journal;
    this.#log = createWriteStream(join(journal.folder, `${launch.name}.log`), { flags: 'a' });
  }

  start(): void {
    const args = this.#launch.settings.flatMap((setting) => ['--set', setting]);
    const full = this.isLogDiskFull ? openSync(FULL_DISK, 'w') : null;
    const child = spawn(process.execPath, [this.#launch.program, 'start', ...args], {
      stdio: ['ignore', 'pipe', full ?? 'pipe'],
      env: { ...process.env, ...this.#launch.environment },
    });
    if (full !== null) closeSync(full);
    this.#child = child;
    this.#listening = false;
    this.#ordered = null;
    if (child.pid !== undefined) guardProcess(child.pid);
    child.stderr?.pipe(this.#log, { end: false });
    child.stdout!.on('data', (text: Buffer) => {
      this.#log.write(text);
      if (!this.#listening && text.includes('listening')) this.#onListening();
    });
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#onExit(child, code, signal);
        resolve();
      });
    });
  }

  /** Resolves once it has joined its group; rejects where it can't. */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_LIMIT_MS;
    while (!this.#listening) {
      if (Date.now() > deadline || (this.#isUnproven && this.complaints.length > 0))
        throw new Error(`${this.name} did not become ready; see its log.`);
      await sleep(POLL_MS);
    }
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** It must work off what it has in hand and exit 0. */
  terminate(): Promise<void> {
    return this.#end('SIGTERM');
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** For good. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#child !== undefined) await this.terminate();
    this.#log.end();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#ordered = signal;
    child.kill(signal);
    const late = setTimeout(() => {
      this.#complain(`did not end within ${EXIT_LIMIT_MS} ms of ${signal}`);
      child.kill('SIGKILL');
    }, EXIT_LIMIT_MS);
    await this.#exited;
    clearTimeout(late);
  }

  #onListening(): void {
    this.#listening = true;
    this.#isUnproven = false;
    this.#journal.note('worker ready', { worker: this.name, pid: this.#child?.pid });
  }

  #onExit(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    if (child.pid !== undefined) releaseProcess(child.pid);
    this.#child = undefined;
    this.#listening = false;
    this.#journal.note('worker ended', { worker: this.name, code, signal });
    const isFine = this.#ordered === 'SIGTERM' ? code === 0 : signal !== null && signal === this.#ordered;
    if (!isFine) this.#complain(`ended with ${code ?? signal} after ${this.#ordered ?? 'no order'}`);
    if (!this.#retired) setTimeout(() => this.#retired || this.start(), this.#launch.restartMs ?? RESTART_MS);
  }

  #complain(text: string): void {
    this.complaints.push(`${this.name} ${text}`);
    this.#journal.note('COMPLAINT', { worker: this.name, text });
  }
}
