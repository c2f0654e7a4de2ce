import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import type { Resources } from './resource-checks.js';

const DEFAULT_THREAD_POOL = 4;

/** As they are for this process. */
export async function systemResources(folder: string): Promise<Resources> {
  const folders = [...new Set([folder, tmpdir()])];
  const free = await Promise.all(folders.map((one) => freeBytes(one)));
  return {
    maxOpenFiles: maxOpenFiles(),
    memoryBytes: memoryBytes(),
    freeBytes: new Map(folders.map((one, index) => [one, free[index]!])),
    threadPool: Number(process.env.UV_THREADPOOL_SIZE ?? DEFAULT_THREAD_POOL),
    cores: availableParallelism(),
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The hard limit: Node.js raises its own to it when it starts. */
function maxOpenFiles(): number | undefined {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const hard = /^Max open files +\S+ +(\d+)/m.exec(limits)?.[1];
    return hard === undefined ? undefined : Number(hard);
  } catch {
    return undefined;
  }
}

/** A container's limit where it has one; one without says a number that is larger than any machine. */
function memoryBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
