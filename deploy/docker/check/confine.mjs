import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const isRoot = process.getuid?.() === 0;

/** A view of the file system in which nothing can be written, for the process that comes after it alone. */
const READ_ONLY =
  'mount -o remount,ro,bind / && for place in /tmp /dev/shm /run; do mount -o remount,ro,bind "$place" 2>&- || true; done; exec "$@"';
const inNamespace = (words) => ['unshare', '--mount', 'sh', '-c', READ_ONLY, 'sh', ...words];

/**
 * How this machine comes nearest to `docker run --read-only`. With the rights for it: a mount namespace without write
 * access, and the user of the image. Else the folder itself is made read-only.
 * @returns {{ how: string, wrap: (words: string[]) => string[] }}
 */
export function confinement(folder, user) {
  const [uid, gid] = user.split(':');
  const asUser = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  if (isRoot && succeeds(inNamespace([...asUser, 'true']))) {
    return {
      how: `user ${user}, no write access anywhere`,
      wrap: (words) => inNamespace([...asUser, ...words]),
    };
  }
  takeWriteAccess(folder);
  return { how: 'no write access to its own folder (more needs root)', wrap: (words) => words };
}

function succeeds([program, ...args]) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

function takeWriteAccess(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) takeWriteAccess(path);
    if (!entry.isSymbolicLink()) chmodSync(path, entry.isDirectory() ? 0o555 : 0o444);
  }
}
