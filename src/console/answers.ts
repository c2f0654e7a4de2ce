import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, UndertoneError } from '../errors.js';
import type { ConsoleObserver } from './observer.js';

const STATUS: Partial<Record<ErrorCode, number>> = {
  UT_CONSOLE_BAD_REQUEST: 400,
  UT_CONSOLE_UNAUTHORISED: 401,
  UT_CONSOLE_FORBIDDEN_HOST: 403,
  UT_CONSOLE_FORBIDDEN_ORIGIN: 403,
  UT_CONSOLE_NO_SUCH_ROUTE: 404,
  UT_CONSOLE_UNKNOWN_CALL: 404,
  UT_CONSOLE_PAGE_NOT_BUILT: 503,
  UT_CONSOLE_TOO_MANY_STREAMS: 503,
};

/** Answers every failure as `{code, message, remedy}`; what was not foreseen is told to the observer alone. */
export function errorAnswerer(observer: ConsoleObserver) {
  return (error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const known = expected(error);
    if (known.code === 'UT_INTERNAL') observer.failed(error);
    const status = STATUS[known.code] ?? 500;
    if (status === 401 || status === 403) observer.requestRefused(known.code);
    return reply.code(status).send({ code: known.code, message: known.message, remedy: known.remedy });
  };
}

function expected(error: unknown): UndertoneError {
  if (error instanceof UndertoneError) return error;
  const { statusCode, message } = error as Partial<FastifyError>;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new UndertoneError('UT_CONSOLE_BAD_REQUEST', `${message}.`, { cause: error });
  }
  return new UndertoneError('UT_INTERNAL', 'The request could not be answered.', { cause: error });
}
