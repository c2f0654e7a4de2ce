import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewRecord, ResultRecord } from '../../src/bus/index.js';
import { configSchema } from '../../src/config/index.js';
import { DEFAULT_FRONT_END, type FrontEnd } from '../../src/features/index.js';
import { encodeAudioRecord } from '../../src/ingest/index.js';
import { playLog, type Setting } from './play-log.js';
import type { Schema } from './schema-changes.js';
import { PROJECT, scriptedConfig, scriptedLog } from './script.js';

const RELEASES = join(PROJECT, 'test/fixtures/releases');
export const folderOf = (version: string): string => join(RELEASES, version);
const SCHEMA_FOLDERS = { events: 'src/sink/schema', records: 'src/ingest/schema' } as const;

/** What a release read and wrote, kept for those that come after it. */
export interface Release extends Setting {
  readonly version: string;
  readonly audio: readonly NewRecord[];
  /** In the order of its commits. */
  readonly results: readonly ResultRecord[];
  /** By file. */
  readonly schemas: Readonly<Record<keyof typeof SCHEMA_FOLDERS, Readonly<Record<string, Schema>>>>;
}

export const packageVersion = (): string =>
  readJson<{ version: string }>(join(PROJECT, 'package.json')).version;

export function versions(): readonly string[] {
  return readdirSync(RELEASES);
}

/** The release of this build, made now. */
export async function presentRelease(): Promise<Release> {
  const setting = { config: scriptedConfig(), frontEnd: DEFAULT_FRONT_END };
  const audio = scriptedLog().map((record, ordinal) => encodeAudioRecord(record, { ordinal, timeMs: 0 }));
  const results = await playLog(setting, audio);
  const schemas = { events: presentSchemas('events'), records: presentSchemas('records') };
  return { version: packageVersion(), ...setting, audio, results, schemas };
}

export const presentSchemas = (of: keyof typeof SCHEMA_FOLDERS) =>
  schemasIn(join(PROJECT, SCHEMA_FOLDERS[of]));

export function readRelease(version: string): Release {
  const folder = folderOf(version);
  const setting = readJson<{ config: unknown; frontEnd: FrontEnd }>(join(folder, 'release.json'));
  return {
    version,
    // As an operator's file from then, read by this build.
    config: configSchema.parse(setting.config),
    frontEnd: setting.frontEnd,
    audio: readRecords(join(folder, 'audio-log.jsonl')),
    results: readRecords(join(folder, 'results.jsonl')) as ResultRecord[],
    schemas: {
      events: schemasIn(join(folder, 'schemas/events')),
      records: schemasIn(join(folder, 'schemas/records')),
    },
  };
}

/** @returns the folder that it is in; there must be none yet */
export function writeRelease({ version, config, frontEnd, audio, results, schemas }: Release): string {
  const folder = folderOf(version);
  mkdirSync(RELEASES, { recursive: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'release.json'), pretty({ config, frontEnd }));
  writeFileSync(join(folder, 'audio-log.jsonl'), lines(audio));
  writeFileSync(join(folder, 'results.jsonl'), lines(results));
  for (const [of, files] of Object.entries(schemas)) {
    mkdirSync(join(folder, 'schemas', of), { recursive: true });
    for (const [file, schema] of Object.entries(files)) {
      writeFileSync(join(folder, 'schemas', of, file), pretty(schema));
    }
  }
  return folder;
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

function schemasIn(folder: string): Record<string, Schema> {
  return Object.fromEntries(readdirSync(folder).map((file) => [file, readJson<Schema>(join(folder, file))]));
}

/** A record as a line of JSON: text as it is, other bytes in base64. */
function lines(records: readonly (NewRecord | ResultRecord)[]): string {
  return records
    .map(({ value, ...rest }) => `${JSON.stringify({ ...rest, ...contentOf(value) })}\n`)
    .join('');
}

function contentOf(value: Uint8Array | null): object {
  if (value === null) return { tombstone: true };
  const bytes = Buffer.from(value);
  const text = bytes.toString('utf8');
  return text.startsWith('{') && Buffer.from(text).equals(bytes)
    ? { text }
    : { base64: bytes.toString('base64') };
}

type Line = Omit<ResultRecord, 'value'> & { readonly text?: string; readonly base64?: string };

function readRecords(path: string): (NewRecord | ResultRecord)[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { text, base64, topic, key, headers } = JSON.parse(line) as Line;
      const bytes = text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);
      const value = text === undefined && base64 === undefined ? null : new Uint8Array(bytes);
      return { ...(topic === undefined ? {} : { topic }), key, headers, value };
    });
}
