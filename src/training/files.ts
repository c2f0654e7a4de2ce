import { open, rename, rm } from 'node:fs/promises';
import { UndertoneError } from '../errors.js';

/**
 * A reader meets the old file or the new one, never half of one, whenever the process or the machine dies.
 * @throws UT_TRAINING_CANNOT_WRITE where there is no room or no right; the old file is still there then
 */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.unfinished-${process.pid}`;
  try {
    await writeThrough(unfinished, content);
    await rename(unfinished, path);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    const detail = `it could not be written (${(cause as Error).message}).`;
    throw new UndertoneError('UT_TRAINING_CANNOT_WRITE', detail, { place: path, cause });
  }
}

/** What a rename makes visible must stand on the disk before it. */
async function writeThrough(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
