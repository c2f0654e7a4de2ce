import { afterEach, expect, test, vi } from 'vitest';
import { createTokenSource } from './oauth.js';

const CREDENTIALS = {
  mechanism: 'OAUTHBEARER',
  tokenEndpoint: 'https://login.example/token',
  clientId: 'undertone',
  clientSecret: 's3cret',
  scope: 'kafka',
} as const;

const answers: Response[] = [];
const asked: [string, RequestInit][] = [];
vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
  asked.push([url, init]);
  const answer = answers.shift();
  if (answer === undefined) throw new TypeError('fetch failed');
  return answer;
});
afterEach(() => {
  answers.length = 0;
  asked.length = 0;
});

const token = (value: string) => Response.json({ access_token: value, expires_in: 100 });

test('asks with the client credentials, and again only near the end of the token', async () => {
  let nowMs = 0;
  const source = createTokenSource(CREDENTIALS, () => nowMs);
  answers.push(token('one'), token('two'));
  expect((await source()).value).toBe('one');
  nowMs = 79_000;
  expect((await source()).value).toBe('one');
  nowMs = 81_000;
  expect((await source()).value).toBe('two');
  const [url, { body, headers }] = asked[0]!;
  expect(url).toBe(CREDENTIALS.tokenEndpoint);
  expect(String(body)).toBe('grant_type=client_credentials&scope=kafka');
  expect(headers).toMatchObject({ authorization: `Basic ${btoa('undertone:s3cret')}` });
});

test('says that the endpoint is away, refuses, or talks nonsense', async () => {
  const source = createTokenSource(CREDENTIALS);
  const code = 'UT_KAFKA_AUTHENTICATION';
  await expect(source()).rejects.toMatchObject({ code, retriable: true, place: CREDENTIALS.tokenEndpoint });
  answers.push(new Response('no', { status: 401 }), Response.json({}), new Response('<html>'));
  await expect(source()).rejects.toThrow(/status 401/);
  await expect(source()).rejects.toThrow(/holds no token/);
  await expect(source()).rejects.toThrow(/holds no token/);
});
