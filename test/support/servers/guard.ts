import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

/**
 * Reads lists of process ids, one list a line; at the end of the input, which comes however the test process ends,
 * it kills what the last line names and removes the folder.
 */
const SCRIPT = 'last=; while read -r line; do last=$line; done; [ -z "$last" ] || kill -9 $last; rm -rf "$0"';

/** No server and no file of a server outlives the process that started it, even when that one is killed. */
interface Guard {
  readonly folder: string;
  readonly input: Writable;
  readonly pids: Set<number>;
}

let guard: Guard | undefined;

function theGuard(): Guard {
  if (guard !== undefined) return guard;
  const folder = mkdtempSync(join(tmpdir(), 'undertone-servers-'));
  // A session of its own: what is sent to the terminal's processes must not end it before its work is done.
  const child = spawn('sh', ['-c', SCRIPT, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.unref();
  (child.stdin as Writable & { unref(): void }).unref();
  child.stdin.on('error', () => undefined);
  guard = { folder, input: child.stdin, pids: new Set() };
  return guard;
}

/** A new folder that is removed, at the latest, when this process ends. */
export function guardedFolder(name: string): string {
  return mkdtempSync(join(theGuard().folder, `${name}-`));
}

export function guardProcess(pid: number): void {
  const { pids } = theGuard();
  pids.add(pid);
  tellGuard();
}

export function releaseProcess(pid: number): void {
  theGuard().pids.delete(pid);
  tellGuard();
}

function tellGuard(): void {
  const { input, pids } = theGuard();
  input.write(`${[...pids].join(' ')}\n`);
}
