import { readFile } from 'node:fs/promises';
import { UndertoneError } from '../../errors.js';

type Settings = Record<string, unknown>;

/** Parser for commander: names between commas. */
export function listed(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim());
}

/**
 * The fields of a JSON file, and over them those of `field=value` or `outer.inner=value`; a value is JSON, or else text.
 * @throws UT_TRAINING_BAD_OPTIONS
 */
export async function settingsOf(file: string | undefined, fields: readonly string[]): Promise<Settings> {
  const settings = file === undefined ? {} : await readSettings(file);
  for (const field of fields) {
    const equals = field.indexOf('=');
    if (equals < 1) throw bad('FIELD=VALUE is needed.', `--with ${field}`);
    put(settings, field.slice(0, equals).split('.'), parsedValue(field.slice(equals + 1)));
  }
  return settings;
}

function put(settings: Settings, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    settings[name] = value;
    return;
  }
  const inner = { ...(settings[name] as Settings | undefined) };
  put(inner, rest, value);
  settings[name] = inner;
}

function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function readSettings(file: string): Promise<Settings> {
  try {
    const settings: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof settings === 'object' && settings !== null && !Array.isArray(settings))
      return settings as Settings;
  } catch (cause) {
    throw bad(`The front end cannot be read: ${(cause as Error).message}.`, file, cause);
  }
  throw bad('The front end is no JSON object.', file);
}

function bad(detail: string, place: string, cause?: unknown): UndertoneError {
  return new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place, cause });
}
