import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { authenticate, type FeedAuthOptions } from './feed-auth.js';
import { isTwilioSignature, twilioSignature } from './twilio-signature.js';

const request = (headers: Record<string, string>, url = '/v1/twilio'): IncomingMessage =>
  ({ headers: { host: 'voice.example.com', ...headers }, url }) as unknown as IncomingMessage;

describe('the signature of Twilio', () => {
  // Computed with Twilio's own library for the auth token 12345.
  it.each([
    ['wss://voice.example.com/v1/twilio', 'LlXgETQBie/lEXbglT20RkzJTMk='],
    ['wss://voice.example.com/v1/twilio/', 'k1bRcIW+tHJdLe41k8leRPtAQjc='],
    ['wss://voice.example.com:8443/v1/twilio', 'SNYZRpy3To8qx7I9dasntiRzK8w='],
    ['https://voice.example.com/v1/twilio', 'wIe7HmzJRY0nQBh3OPGdgy7r2lU='],
  ])('of %s is %s', (url, signature) => {
    expect(twilioSignature('12345', url)).toBe(signature);
  });

  it.each([
    ['wss://voice.example.com', 'LlXgETQBie/lEXbglT20RkzJTMk=', true],
    ['https://voice.example.com/', 'LlXgETQBie/lEXbglT20RkzJTMk=', true],
    ['wss://voice.example.com:8443', 'SNYZRpy3To8qx7I9dasntiRzK8w=', true],
    ['wss://voice.example.com:8443', 'LlXgETQBie/lEXbglT20RkzJTMk=', true],
    ['wss://voice.example.com', 'SNYZRpy3To8qx7I9dasntiRzK8w=', false],
    ['wss://voice.example.com', 'k1bRcIW+tHJdLe41k8leRPtAQjc=', false],
    ['wss://voice.example.com', 'wIe7HmzJRY0nQBh3OPGdgy7r2lU=', false],
    ['wss://other.example.com', 'LlXgETQBie/lEXbglT20RkzJTMk=', false],
    ['wss://voice.example.com', '', false],
  ])('at %s, %s is valid: %s', (publicUrl, signature, valid) => {
    expect(isTwilioSignature('12345', signature, publicUrl, '/v1/twilio')).toBe(valid);
  });
});

describe('who may send audio', () => {
  const auth: FeedAuthOptions = {
    twilioAuthTokens: [
      { tenant: 'acme', token: 'old-token' },
      { tenant: 'acme', token: '12345' },
    ],
    bearerTokens: [{ tenant: 'globex', token: 'secret-1' }],
    publicUrl: 'wss://voice.example.com',
  };
  const signed = { 'x-twilio-signature': 'LlXgETQBie/lEXbglT20RkzJTMk=' };
  const bearer = { authorization: 'Bearer secret-1' };

  it('is everybody where nothing is configured', () => {
    expect(authenticate(request({}), 'twilio', {})).toEqual({ tenant: undefined });
    expect(authenticate(request({}), 'generic', {})).toEqual({ tenant: undefined });
  });

  it('is who signs as Twilio does, with any of the tokens', () => {
    expect(authenticate(request(signed), 'twilio', auth)).toEqual({ tenant: 'acme' });
    const { publicUrl: _, ...withoutUrl } = auth;
    expect(authenticate(request(signed), 'twilio', withoutUrl)).toEqual({ tenant: 'acme' });
  });

  it('is who shows a bearer token, on either path, browsers by a subprotocol', () => {
    expect(authenticate(request(bearer), 'generic', auth)).toEqual({ tenant: 'globex' });
    expect(authenticate(request(bearer), 'twilio', auth)).toEqual({ tenant: 'globex' });
    const browser = { 'sec-websocket-protocol': 'undertone.v1, undertone.bearer.secret-1' };
    expect(authenticate(request(browser), 'generic', auth)).toEqual({ tenant: 'globex' });
  });

  it.each([
    ['generic', {}, 401],
    ['generic', signed, 401],
    ['generic', { authorization: 'Bearer secret-2' }, 401],
    ['generic', { authorization: 'Basic secret-1' }, 401],
    ['twilio', {}, 403],
    ['twilio', { 'x-twilio-signature': 'k1bRcIW+tHJdLe41k8leRPtAQjc=' }, 403],
  ] as const)('is not, on %s, who shows %j', (dialect, headers, httpStatus) => {
    expect(authenticate(request(headers), dialect, auth)).toMatchObject({ httpStatus });
  });

  it('is nobody on the path of a dialect without credentials, once the other has some', () => {
    const { bearerTokens = [], twilioAuthTokens = [] } = auth;
    expect(authenticate(request({}), 'twilio', { bearerTokens })).toMatchObject({ httpStatus: 403 });
    expect(authenticate(request({}), 'generic', { twilioAuthTokens })).toMatchObject({ httpStatus: 401 });
  });

  it('is no web page of another site', () => {
    const page = (origin: string) => authenticate(request({ origin }), 'generic', {});
    expect(page('https://evil.example')).toMatchObject({ httpStatus: 403, code: 'UT_INGEST_FOREIGN_ORIGIN' });
    expect(page('null')).toMatchObject({ httpStatus: 403 });
    expect(page('http://voice.example.com')).toEqual({ tenant: undefined });
  });
});
