import { ERROR_CATALOGUE, type ErrorCode, UndertoneError } from '../errors.js';

/** What is known of why a gateway did not want a feed. */
export interface RefusalFacts {
  /** `HTTP 503`, `close code 1008`. */
  readonly answer: string;
  /** Code and message of the gateway, if it is Undertone and said so. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/** An error that repeats what the gateway said and what can be done about it. */
export function refusalError(url: string, { answer, code, message }: RefusalFacts): UndertoneError {
  const said = [code, message].filter((part) => part !== undefined && part !== '').join(': ');
  const remedy =
    code !== undefined && Object.hasOwn(ERROR_CATALOGUE, code)
      ? ERROR_CATALOGUE[code as ErrorCode].remedy
      : '';
  const detail = [`It answered with ${answer}.`, said, remedy].filter((part) => part !== '').join(' ');
  return new UndertoneError('UT_CLI_REPLAY_REFUSED', detail, {
    place: url,
    retriable: answer === 'HTTP 503',
  });
}

/** A close reason of Undertone: code, colon, message. */
export function readCloseReason(reason: string): { code?: string; message: string } {
  const [, code, message] = /^(UT_\w+): (.*)$/s.exec(reason) ?? [];
  return code === undefined || message === undefined ? { message: reason } : { code, message };
}

/** The body of an HTTP refusal, `{code, message}`. */
export function readRefusalBody(body: string): { code?: string; message?: string } {
  try {
    const { code, message } = JSON.parse(body) as Record<string, unknown>;
    return {
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    };
  } catch {
    return {};
  }
}
