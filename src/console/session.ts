import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const SESSION_COOKIE = 'undertone_session';

/** What a request brings to show who it is. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

/**
 * Who may use the API. A session is `<expiry>.<HMAC-SHA256(token, expiry)>`: nothing is kept on the server, every
 * console of a deployment accepts it, and it dies with its token. Without tokens everybody may.
 */
export class SessionAuth {
  readonly #tokens: readonly string[];
  readonly #sessionMs: number;

  constructor(tokens: readonly string[], sessionMs: number) {
    this.#tokens = tokens;
    this.#sessionMs = sessionMs;
  }

  get isTokenRequired(): boolean {
    return this.#tokens.length > 0;
  }

  /** @param nowMs wall clock, milliseconds since the epoch. */
  accepts(credentials: Credentials, nowMs: number): boolean {
    if (!this.isTokenRequired) return true;
    const bearer = /^Bearer +(\S+)$/i.exec(credentials.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.#isToken(bearer);
    const session = cookieOf(credentials.cookie ?? '', SESSION_COOKIE);
    return session !== undefined && this.#isSession(session, nowMs);
  }

  /** The session's cookie for a valid token, `undefined` for any other. `isSecure`: the request came over TLS. */
  signIn(token: string, nowMs: number, isSecure: boolean): string | undefined {
    if (!this.#isToken(token)) return undefined;
    const expiry = String(Math.floor(nowMs + this.#sessionMs));
    return cookieLine(`${expiry}.${sign(token, expiry)}`, Math.floor(this.#sessionMs / 1000), isSecure);
  }

  /** The cookie line that ends a session in the browser. */
  signOut(isSecure: boolean): string {
    return cookieLine('', 0, isSecure);
  }

  #isToken(given: string): boolean {
    return this.#tokens.filter((token) => equalInConstantTime(token, given)).length > 0;
  }

  #isSession(session: string, nowMs: number): boolean {
    const dot = session.indexOf('.');
    const expiry = session.slice(0, dot);
    if (!/^\d{1,16}$/.test(expiry) || Number(expiry) <= nowMs) return false;
    const signature = session.slice(dot + 1);
    return this.#tokens.some((token) => equalInConstantTime(sign(token, expiry), signature));
  }
}

function sign(token: string, expiry: string): string {
  return createHmac('sha256', token).update(`undertone-console-session:${expiry}`).digest('base64url');
}

/** Compares digests, so that neither the length nor the first difference shows in the time it takes. */
function equalInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function cookieLine(value: string, maxAgeSeconds: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
}

function cookieOf(header: string, name: string): string | undefined {
  const pair = header
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}
