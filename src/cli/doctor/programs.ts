import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface ProgramSearch {
  readonly environment: Readonly<Record<string, string | undefined>>;
  isExecutable(file: string): boolean;
}

/** Looks programs up as a shell does. */
export function systemSearch(environment: ProgramSearch['environment']): ProgramSearch {
  return { environment, isExecutable };
}

/** The first of the names that is on the path, with its folder. */
export function findProgram(names: readonly string[], search: ProgramSearch): string | undefined {
  const folders = (search.environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find((file) => search.isExecutable(file));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file);
  } catch {
    return false;
  }
}
