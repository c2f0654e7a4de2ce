import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Copies what Docker would send as build context. The `.dockerignore` has to be a list of what is let in: `*`, then
 * `!path` for each thing, then endings that stay out everywhere (`**\/*.test.ts`).
 */
export function copyContext(root, folder) {
  const { allowed, endings } = readDockerignore(readFileSync(join(root, '.dockerignore'), 'utf8'));
  for (const path of allowed) {
    const source = join(root, path);
    if (!existsSync(source)) throw new Error(`.dockerignore lets ${path} in, which does not exist`);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(source, join(folder, path), {
      recursive: true,
      filter: (file) => !endings.some((ending) => file.endsWith(ending)),
    });
  }
}

function readDockerignore(text) {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const [first, ...rest] = lines;
  if (first !== '*') throw new Error('.dockerignore does not begin by leaving everything out');
  const unknown = rest.filter((line) => !/^!\w|^!\.|^\*\*\/\*\.[\w.]+$/.test(line));
  if (unknown.length > 0) throw new Error(`.dockerignore has a pattern that is not understood: ${unknown}`);
  return {
    allowed: rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1)),
    endings: rest.filter((line) => line.startsWith('**/*')).map((line) => line.slice('**/*'.length)),
  };
}
