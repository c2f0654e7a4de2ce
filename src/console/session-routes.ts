import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { UndertoneError } from '../errors.js';
import type { SessionAuth } from './session.js';

/** Answer of `GET /api/session`: what the page needs to know before anything else. */
export interface SessionAnswer {
  readonly tokenRequired: boolean;
  readonly signedIn: boolean;
  /** Path of the generic feed for the browser's microphone; null where this process takes no feeds. */
  readonly microphoneFeed: string | null;
}

export interface SessionRouteParts {
  readonly auth: SessionAuth;
  readonly microphoneFeed: string | null;
  /** Whether cookies are for TLS alone even where this server speaks plain HTTP. */
  readonly secureCookies: boolean;
  readonly nowMs: () => number;
}

const signInBody = z.strictObject({ token: z.string().min(1).max(4096) });

/** Sign-in and sign-out of the page: a token becomes an HttpOnly cookie, so that no script can read it. */
export function registerSession(http: FastifyInstance, parts: SessionRouteParts): void {
  const { auth, nowMs } = parts;
  const isSecure = (request: FastifyRequest): boolean => parts.secureCookies || request.protocol === 'https';
  http.get('/api/session', (request): SessionAnswer => {
    const signedIn = auth.accepts(request.headers, nowMs());
    return { tokenRequired: auth.isTokenRequired, signedIn, microphoneFeed: parts.microphoneFeed };
  });
  http.post('/api/session', { bodyLimit: 8192 }, async (request, reply) => {
    const cookie = auth.signIn(tokenIn(request), nowMs(), isSecure(request));
    if (cookie === undefined) throw unauthorised('The token is not one of the configured ones.');
    return reply.header('set-cookie', cookie).code(204).send();
  });
  http.delete('/api/session', async (request, reply) => {
    return reply
      .header('set-cookie', auth.signOut(isSecure(request)))
      .code(204)
      .send();
  });
}

/** Refuses a request to the API that shows neither token nor session. Throws UT_CONSOLE_UNAUTHORISED. */
export function assertSignedIn(request: FastifyRequest, auth: SessionAuth, nowMs: number): void {
  if (auth.accepts(request.headers, nowMs)) return;
  throw unauthorised(`${request.method} ${request.url.split('?')[0]} needs a token.`);
}

function tokenIn(request: FastifyRequest): string {
  const result = signInBody.safeParse(request.body);
  if (result.success) return result.data.token;
  throw new UndertoneError('UT_CONSOLE_BAD_REQUEST', 'Expected {"token": "…"}.', { place: 'body' });
}

function unauthorised(detail: string): UndertoneError {
  return new UndertoneError('UT_CONSOLE_UNAUTHORISED', detail);
}
