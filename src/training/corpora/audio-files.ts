import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { UndertoneError } from '../../errors.js';

const AUDIO_ENDINGS = new Set(['.wav', '.flac', '.mp3', '.ogg', '.aiff', '.aif']);
const ARCHIVE = /\.(zip|tar|tgz|tbz2?|txz|gz|bz2|xz|zst|7z|rar)$/i;

export const isAudioName = (path: string): boolean => AUDIO_ENDINGS.has(extname(path).toLowerCase());

/**
 * Audio files under a folder, links to files among them: paths relative to it, with `/`, sorted, so that a listing
 * does not depend on the file system. Hidden files are none: macOS puts `._name.wav` beside `name.wav`.
 * @throws UT_TRAINING_BAD_CORPUS where it is no folder that can be read, or holds archives in place of recordings
 */
export async function audioFilesUnder(root: string): Promise<string[]> {
  await requireFolder(root);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    const detail = `the folder can not be read: ${(cause as Error).message}.`;
    throw new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place: root, cause });
  });
  const files: string[] = [];
  for (const entry of entries) {
    const path = relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
    const wanted = isAudioName(path) && !entry.name.startsWith('.');
    if (wanted && (await isFile(root, path, entry))) files.push(path);
  }
  if (files.length === 0) refuseArchives(root, entries);
  return files.sort();
}

async function isFile(root: string, path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  // A link to nowhere is listed: it is left out by name where it is read.
  return (await stat(join(root, path)).catch(() => null))?.isDirectory() !== true;
}

/** @throws UT_TRAINING_BAD_CORPUS unless `root` is a folder; an archive is told apart */
export async function requireFolder(root: string): Promise<void> {
  const stats = await stat(root).catch((cause: unknown) => {
    throw new UndertoneError('UT_TRAINING_BAD_CORPUS', 'there is no such folder.', { place: root, cause });
  });
  if (stats.isDirectory()) return;
  if (ARCHIVE.test(root)) throw packed(root, 'it is an archive.');
  throw new UndertoneError('UT_TRAINING_BAD_CORPUS', 'it is a file, not a folder.', { place: root });
}

function refuseArchives(root: string, entries: readonly Dirent[]): void {
  const archives = entries.filter(({ name }) => ARCHIVE.test(name)).map(({ name }) => name);
  if (archives.length === 0) return;
  throw packed(root, `it holds no recording but ${archives.length} archives, such as ${archives[0]}.`);
}

function packed(place: string, detail: string): UndertoneError {
  const remedy = 'Unpack it (unzip FILE -d FOLDER, tar -xf FILE -C FOLDER) and give the folder.';
  return new UndertoneError('UT_TRAINING_BAD_CORPUS', detail, { place, remedy });
}
