import { UndertoneError } from '../../errors.js';
import type { KafkaSaslOptions } from './client-options.js';

export interface AccessToken {
  readonly value: string;
}

type ClientCredentials = Extract<KafkaSaslOptions, { mechanism: 'OAUTHBEARER' }>;

const REQUEST_TIMEOUT_MS = 10_000;
/** A token is renewed when less than this share of its life is left. */
const RENEW_SHARE = 0.2;

/** Gets tokens by OAuth 2 client credentials (RFC 6749 §4.4), and keeps each for most of its life. */
export function createTokenSource(
  credentials: ClientCredentials,
  // The clock of the machine may be set while a token lives.
  steadyMs: () => number = () => performance.now(),
): () => Promise<AccessToken> {
  let token: (AccessToken & { readonly renewAtMs: number }) | undefined;
  return async () => {
    if (token !== undefined && steadyMs() < token.renewAtMs) return token;
    const { access_token: value, expires_in: seconds = 300 } = await request(credentials);
    token = { value, renewAtMs: steadyMs() + seconds * 1000 * (1 - RENEW_SHARE) };
    return token;
  };
}

interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in?: number;
}

async function request(credentials: ClientCredentials): Promise<TokenAnswer> {
  const { tokenEndpoint, clientId, clientSecret, scope } = credentials;
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope === null ? {} : { scope }),
  });
  const headers = { authorization: `Basic ${basic.toString('base64')}`, accept: 'application/json' };
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const refuse = (detail: string, cause?: unknown): UndertoneError =>
    new UndertoneError('UT_KAFKA_AUTHENTICATION', detail, { place: tokenEndpoint, cause, retriable: true });
  const response = await fetch(tokenEndpoint, { method: 'POST', body, headers, signal }).catch((cause) => {
    throw refuse('the token endpoint does not answer.', cause);
  });
  if (!response.ok) throw refuse(`the token endpoint answered with status ${response.status}.`);
  const answer = (await response.json().catch(() => ({}))) as Partial<TokenAnswer>;
  if (typeof answer.access_token !== 'string')
    throw refuse('the answer of the token endpoint holds no token.');
  return answer as TokenAnswer;
}
