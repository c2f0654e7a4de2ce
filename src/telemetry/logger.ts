import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { LogConfig } from '../config/index.js';

/** Structured log of one part; `child({...})` adds what every entry of a part carries. */
export type Logger = PinoLogger;

/** Keys that never reach a log, wherever a caller puts them. */
const REDACTED_KEYS = ['token', 'authorization', 'password', 'digits', 'from', 'to'];

/**
 * JSON lines, one an entry. Normal operation is quiet: what happens to single calls is `debug`.
 * @param destination default standard error, so that standard output belongs to what a command answers
 */
export function createLogger(
  config: LogConfig,
  destination: DestinationStream = pino.destination(2),
): Logger {
  const paths = REDACTED_KEYS.flatMap((key) => [key, `*.${key}`]);
  return pino(
    { level: config.level, base: null, redact: { paths, censor: '<redacted>' }, ...FORMAT },
    destination,
  );
}

const FORMAT = {
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label: string) => ({ level: label }) },
};
