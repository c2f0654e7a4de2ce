import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { LogConfig } from '../config/index.js';
import { maskPhoneNumbers } from '../phone-numbers.js';
import { standardError } from './standard-error.js';

/** Structured log of one part; `child({...})` adds what every entry of a part carries. */
export type Logger = PinoLogger;

/** Keys that never reach a log, wherever a caller puts them. */
const REDACTED_KEYS = ['token', 'authorization', 'password', 'digits', 'from', 'to'];

/**
 * JSON lines, one an entry. Normal operation is quiet: what happens to single calls is `debug`. What looks like a phone
 * number is masked in every text, in errors and their stacks too.
 * @param destination where lines go: standard error, so that standard output belongs to what a command answers
 */
export function createLogger(config: LogConfig, destination: DestinationStream = standardError()): Logger {
  const paths = REDACTED_KEYS.flatMap((key) => [key, `*.${key}`]);
  return pino(
    { level: config.level, base: null, redact: { paths, censor: '<redacted>' }, ...FORMAT },
    destination,
  );
}

const FORMAT = {
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: {
    level: (label: string) => ({ level: label }),
    log: (fields: Record<string, unknown>) => maskedFields(fields),
  },
  serializers: { err: (error: Error) => maskedFields({ ...pino.stdSerializers.err(error) }) },
};

function maskedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' ? maskPhoneNumbers(value) : value,
    ]),
  );
}
