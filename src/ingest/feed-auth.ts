import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '../errors.js';
import type { DialectName } from './dialects.js';
import { isTwilioSignature, sameText } from './twilio-signature.js';

/** A secret, and the tenant whose feeds may show it. */
export interface TenantToken {
  readonly tenant: string;
  readonly token: string;
}

/**
 * Who may send audio. Where both lists are empty, everybody may: only for a gateway that listens on loopback.
 */
export interface FeedAuthOptions {
  /** Twilio auth tokens, several per account while one is being replaced. */
  readonly twilioAuthTokens?: readonly TenantToken[];
  /** Tokens for `Authorization: Bearer`, on either path. */
  readonly bearerTokens?: readonly TenantToken[];
  /** Where Twilio reaches this gateway, `wss://voice.example.com`. Default: the Host header, as wss. */
  readonly publicUrl?: string;
}

/** Why a connection is refused before it becomes a WebSocket. */
export type RefusalCode = Extract<
  ErrorCode,
  | 'UT_INGEST_BAD_SIGNATURE'
  | 'UT_INGEST_BAD_TOKEN'
  | 'UT_INGEST_FOREIGN_ORIGIN'
  | 'UT_INGEST_SHUTTING_DOWN'
  | 'UT_INGEST_TOO_MANY_STREAMS'
>;

export interface AuthRefusal {
  readonly httpStatus: 401 | 403;
  readonly code: RefusalCode;
  readonly message: string;
}

/** `tenant` is `undefined` where no credentials are asked for. */
export type AuthVerdict = { readonly tenant: string | undefined } | AuthRefusal;

/** Subprotocol under which a browser, which can set no headers, shows its token: `undertone.bearer.TOKEN`. */
const BEARER_PROTOCOL = 'undertone.bearer.';

export function authenticate(
  request: IncomingMessage,
  dialect: DialectName,
  options: FeedAuthOptions,
): AuthVerdict {
  if (isForeignPage(request)) return FOREIGN_ORIGIN;
  const { twilioAuthTokens = [], bearerTokens = [] } = options;
  if (twilioAuthTokens.length + bearerTokens.length === 0) return { tenant: undefined };
  const tenant = bearerTenant(request, bearerTokens);
  if (tenant !== undefined) return { tenant };
  if (dialect === 'generic') return BAD_TOKEN;
  const signer = twilioTenant(request, twilioAuthTokens, options.publicUrl);
  return signer === undefined ? BAD_SIGNATURE : { tenant: signer };
}

const FOREIGN_ORIGIN: AuthRefusal = {
  httpStatus: 403,
  code: 'UT_INGEST_FOREIGN_ORIGIN',
  message: 'the Origin header names another site than the Host header.',
};
const BAD_TOKEN: AuthRefusal = {
  httpStatus: 401,
  code: 'UT_INGEST_BAD_TOKEN',
  message: 'no valid bearer token was shown.',
};
const BAD_SIGNATURE: AuthRefusal = {
  httpStatus: 403,
  code: 'UT_INGEST_BAD_SIGNATURE',
  message: 'X-Twilio-Signature is missing or does not match the URL.',
};

/** Browsers name the page that opens a WebSocket; telephony does not. A page of another site must not inject calls. */
function isForeignPage({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

function bearerTenant(request: IncomingMessage, tokens: readonly TenantToken[]): string | undefined {
  const header = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const shown = header ?? tokenProtocol(request);
  if (shown === undefined) return undefined;
  return tokens.filter(({ token }) => sameText(token, shown))[0]?.tenant;
}

function tokenProtocol(request: IncomingMessage): string | undefined {
  const offered = request.headers['sec-websocket-protocol']?.split(',') ?? [];
  const found = offered.map((name) => name.trim()).find((name) => name.startsWith(BEARER_PROTOCOL));
  return found?.slice(BEARER_PROTOCOL.length);
}

function twilioTenant(
  request: IncomingMessage,
  tokens: readonly TenantToken[],
  publicUrl = `wss://${request.headers.host}`,
): string | undefined {
  const signature = request.headers['x-twilio-signature'];
  if (typeof signature !== 'string' || !URL.canParse(publicUrl)) return undefined;
  const signs = ({ token }: TenantToken): boolean =>
    isTwilioSignature(token, signature, publicUrl, request.url ?? '/');
  return tokens.filter(signs)[0]?.tenant;
}
