import { ERROR_CATALOGUE, type ErrorCode, errorCodeOf } from '../errors.js';
import { LOG_EVENTS, type LogEventName, type LogLevel } from './log-events.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics/index.js';

/** What differs from line to line. Never audio, digits or tokens; phone numbers in texts are masked by the logger. */
export interface LogFields {
  readonly [field: string]: unknown;
  readonly err?: unknown;
}

/** A line about a call names it; undefined where a feed has not said yet which call it brings. */
type FieldsOf<E extends LogEventName> = (typeof LOG_EVENTS)[E]['ofCall'] extends true
  ? [fields: LogFields & { readonly callId: string | undefined }]
  : [fields?: LogFields];

/** The log of everything that is worth a line. */
export interface EventLog {
  report<E extends LogEventName>(event: E, ...fields: FieldsOf<E>): void;
}

/**
 * @param metrics counts the codes of errors that events carry, whether or not their line is written
 */
export function createEventLog(logger: Pick<Logger, LogLevel>, metrics?: Pick<Metrics, 'errors'>): EventLog {
  return {
    report(event, fields: LogFields = {}) {
      const { level, message } = LOG_EVENTS[event];
      const code = codeOf(fields);
      if (code !== undefined) metrics?.errors.inc({ code });
      logger[level]({ event, ...fields, ...(code === undefined ? {} : { code }) }, message);
    },
  };
}

function codeOf({ err, code }: LogFields): ErrorCode | undefined {
  if (typeof code === 'string' && code in ERROR_CATALOGUE) return code as ErrorCode;
  return err === undefined ? undefined : errorCodeOf(err);
}
