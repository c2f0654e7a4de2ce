import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { guardProcess, releaseProcess } from './guard.js';

const POLL_MS = 50;
const START_LIMIT_MS = 60_000;
/** What does not end by itself in this time is killed. */
const STOP_LIMIT_MS = 10_000;
const TAIL_CHARACTERS = 3000;

export interface ServerCommand {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Takes what the server prints. */
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it serves; asked again until it does. A rejection means no. */
  isReady(): Promise<boolean>;
}

/** A program that serves, and can be treated as badly as production treats it. At most one process runs at a time. */
export class ServerProcess {
  readonly #command: ServerCommand;
  #child: ChildProcess | undefined;

  constructor(command: ServerCommand) {
    this.#command = command;
  }

  /** Undefined while it is down. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it, again if it was stopped or killed, and waits until it serves. @throws with the end of its log */
  async start(): Promise<void> {
    this.launch();
    await this.ready();
  }

  /** Starts it without waiting: members of a cluster need each other to become ready. */
  launch(): void {
    if (this.#child !== undefined) throw new Error(`${this.#command.name} is running already.`);
    const { program, args, logFile, environment } = this.#command;
    const log = openSync(logFile, 'a');
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...environment },
    });
    closeSync(log);
    this.#child = child;
    child.once('error', () => this.#forget(child));
    child.once('exit', () => this.#forget(child));
    if (child.pid !== undefined) guardProcess(child.pid);
  }

  async ready(): Promise<void> {
    const deadlineMs = Date.now() + START_LIMIT_MS;
    while (!(await this.#command.isReady().catch(() => false))) {
      if (this.#child === undefined) throw this.#failure('ended');
      if (Date.now() > deadlineMs) throw this.#failure(`did not serve within ${START_LIMIT_MS} ms`);
      await pause(POLL_MS);
    }
  }

  /** SIGTERM, and SIGKILL where that is not enough. */
  async stop(): Promise<void> {
    this.thaw();
    await this.#end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Alive and silent: connections stay open, nothing answers. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const hasEnded = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await hasEnded;
    clearTimeout(patience);
  }

  #forget(child: ChildProcess): void {
    if (child.pid !== undefined) releaseProcess(child.pid);
    if (this.#child === child) this.#child = undefined;
  }

  #failure(what: string): Error {
    const { name, logFile } = this.#command;
    return new Error(`${name} ${what}:\n${readFileSync(logFile, 'utf8').slice(-TAIL_CHARACTERS)}`);
  }
}
