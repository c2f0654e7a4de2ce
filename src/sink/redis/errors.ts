import { type ErrorCode, UndertoneError } from '../../errors.js';

/** What the client or the server says, and what it means; the first match counts. */
const MEANINGS: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /^(WRONGPASS|NOAUTH)|invalid (username-password pair|password)|without any password configured/i,
    'UT_REDIS_AUTHENTICATION',
  ],
  [/^NOPERM/, 'UT_REDIS_DENIED'],
  [/^READONLY/, 'UT_REDIS_READ_ONLY'],
  [/^(LOADING|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY)\b/, 'UT_REDIS_NOT_READY'],
  [/certificate|ERR_TLS|ERR_SSL|SSL routines|EPROTO|TLS connection/i, 'UT_REDIS_TLS'],
  [/Socket timeout|Command timed out/, 'UT_REDIS_TIMEOUT'],
];

/** Names that Node.js gives to failures of TLS. */
const TLS_CODES = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** Gives a failure of Redis, or on the way to it, its code. What {@link isReply} is refused; the rest is a lost connection. */
export function redisError(cause: unknown, place: string): UndertoneError {
  if (cause instanceof UndertoneError) return cause;
  const error = innermost(cause);
  const { message, code } = error as Error & { code?: string };
  const found = MEANINGS.find(([pattern]) => pattern.test(message))?.[1];
  const byName = TLS_CODES.test(code ?? '') ? 'UT_REDIS_TLS' : undefined;
  const byKind = isReply(error) ? 'UT_REDIS_REFUSED' : 'UT_REDIS_UNREACHABLE';
  const said = (message || (code ?? 'no reason given')).replaceAll(/\s+/g, ' ');
  const detail = `${said.replace(/\.$/, '')}.`;
  return new UndertoneError(byName ?? found ?? byKind, detail, { place, retriable: true, cause });
}

/** True for what the server answered; false where the connection broke. */
export function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** A cluster wraps what its last node said; a failed connection to several addresses holds one error each. */
function innermost(cause: unknown): Error {
  if (!(cause instanceof Error)) return new Error(String(cause));
  const { lastNodeError } = cause as Error & { lastNodeError?: unknown };
  if (lastNodeError instanceof Error) return innermost(lastNodeError);
  if (cause instanceof AggregateError && cause.errors.length > 0) return innermost(cause.errors[0]);
  return cause;
}
