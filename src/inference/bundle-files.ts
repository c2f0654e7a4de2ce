import { createHash } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UndertoneError } from '../errors.js';
import type { BundleJson } from './bundle-json.js';

type FileFacts = BundleJson['files'][string];

/** What bundle.json says of a file. */
export function factsOf(bytes: Uint8Array): FileFacts {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/** Readers see the old file or the new one, never a half. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

/** @throws UT_INFERENCE_BUNDLE_MISSING_FILE */
export async function readOrExplain(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw missing(path, cause);
  }
}

/**
 * A file's bytes, once they are those that bundle.json was written for.
 * @throws UT_INFERENCE_BUNDLE_MISSING_FILE, UT_INFERENCE_BUNDLE_HASH
 */
export async function readChecked(directory: string, name: string, json: BundleJson): Promise<Buffer> {
  const path = join(directory, name);
  const { bytes, sha256 } = json.files[name]!;
  const { size } = await stat(path).catch((cause) => {
    throw missing(path, cause);
  });
  if (size !== bytes) throw altered(`it has ${size} bytes, bundle.json says ${bytes}.`, path);
  const content = await readOrExplain(path);
  const found = factsOf(content).sha256;
  if (found !== sha256) throw altered(`its SHA-256 is ${found}, bundle.json says ${sha256}.`, path);
  return content;
}

function missing(place: string, cause: unknown): UndertoneError {
  const detail = `it cannot be read (${(cause as Error).message}).`;
  return new UndertoneError('UT_INFERENCE_BUNDLE_MISSING_FILE', detail, { place, cause });
}

function altered(detail: string, place: string): UndertoneError {
  return new UndertoneError('UT_INFERENCE_BUNDLE_HASH', detail, { place });
}
