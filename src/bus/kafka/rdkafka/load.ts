import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UndertoneError } from '../../../errors.js';
import type { Rdkafka } from './node-rdkafka.js';

const PACKAGE = 'node-rdkafka';
/** What an install without its script does not bring: the package can be found then, but not loaded. */
const BINDING = join('build', 'Release', 'node-librdkafka.node');

/**
 * Loads the optional peer node-rdkafka: from where npm resolves it, else from `.cache/rdkafka`, where
 * `node scripts/install-rdkafka.mjs` puts it.
 * @throws UT_KAFKA_DRIVER_MISSING
 */
export async function loadRdkafka(folders: readonly string[] = packageFolders()): Promise<Rdkafka> {
  let failure = new UndertoneError('UT_KAFKA_DRIVER_MISSING', `${PACKAGE} is not installed.`);
  for (const place of folders) {
    try {
      const entry = createRequire(import.meta.url).resolve(place);
      const loaded = (await import(pathToFileURL(entry).href)) as { readonly default: Rdkafka };
      return loaded.default;
    } catch (cause) {
      const detail = `${PACKAGE} does not load: ${cause instanceof Error ? cause.message : String(cause)}`;
      failure = new UndertoneError('UT_KAFKA_DRIVER_MISSING', detail, { place, cause });
    }
  }
  throw failure;
}

/** Whether there is a package with its compiled binding that {@link loadRdkafka} will try. */
export function rdkafkaIsInstalled(): boolean {
  return packageFolders().some((folder) => existsSync(join(folder, BINDING)));
}

function packageFolders(): readonly string[] {
  const folders = [resolvedPackage(), cachedPackage(dirname(fileURLToPath(import.meta.url)))];
  return folders.filter((folder) => folder !== undefined);
}

function resolvedPackage(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
  } catch {
    return undefined;
  }
}

/** Looks for `.cache/rdkafka` in each folder above this file: the sources and the build lie at different depths. */
function cachedPackage(folder: string): string | undefined {
  const candidate = join(folder, '.cache', 'rdkafka', 'node_modules', PACKAGE);
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : cachedPackage(parent);
}
