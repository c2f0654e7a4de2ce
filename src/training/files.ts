import { rename, writeFile } from 'node:fs/promises';

/** A reader meets the old file or the new one, never half of one, whenever the process dies. */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.unfinished-${process.pid}`;
  await writeFile(unfinished, content);
  await rename(unfinished, path);
}
