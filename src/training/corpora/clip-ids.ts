import { createHash } from 'node:crypto';
import { extname } from 'node:path';

/**
 * A file name for each clip: its path with `__` for `/`, without ending and signs that file systems quarrel about. Where
 * several paths come out the same (`a.wav` and `a.flac`, `ä.wav` and `ö.wav`), a hash of the path tells them apart, so that
 * an id depends on no other order.
 * @param paths relative to the corpus, with `/`, each once
 */
export function clipIds(paths: readonly string[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(key(path), (counts.get(key(path)) ?? 0) + 1);
  return new Map(
    paths.map((path) => [path, counts.get(key(path)) === 1 ? plain(path) : `${plain(path)}-${hash(path)}`]),
  );
}

const plain = (path: string): string =>
  path
    .slice(0, path.length - extname(path).length)
    .replaceAll('/', '__')
    .replaceAll(/[^\w.-]/g, '_');

const key = (path: string): string => plain(path).toLowerCase();

const hash = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 8);
