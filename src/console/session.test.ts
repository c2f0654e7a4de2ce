import { expect, test } from 'vitest';
import { SESSION_COOKIE, SessionAuth } from './session.js';

const HOUR = 3_600_000;
const auth = new SessionAuth(['first-token', 'second-token'], HOUR);

function cookieOf(line: string): string {
  return line.split(';')[0]!;
}

test('without tokens everybody may', () => {
  const open = new SessionAuth([], HOUR);
  expect(open.isTokenRequired).toBe(false);
  expect(open.accepts({}, 0)).toBe(true);
});

test.each(['Bearer first-token', 'bearer second-token'])('"%s" may', (authorization) => {
  expect(auth.accepts({ authorization }, 0)).toBe(true);
});

test.each([undefined, '', 'Bearer', 'Bearer ', 'Bearer first-toke', 'Basic first-token', 'first-token'])(
  '"%s" may not',
  (authorization) => {
    expect(auth.accepts({ authorization }, 0)).toBe(false);
  },
);

test('a session lasts until it expires', () => {
  const cookie = cookieOf(auth.signIn('second-token', 1000.25, false)!);
  expect(auth.accepts({ cookie: `other=1; ${cookie}` }, 1000)).toBe(true);
  expect(auth.accepts({ cookie }, 999 + HOUR)).toBe(true);
  expect(auth.accepts({ cookie }, 1000 + HOUR)).toBe(false);
});

test('a session cannot be prolonged by its owner', () => {
  const cookie = cookieOf(auth.signIn('first-token', 0, false)!);
  const longer = cookie.replace(/=\d+\./, `=${9 * HOUR}.`);
  expect(auth.accepts({ cookie: longer }, HOUR)).toBe(false);
});

test('a session dies with its token', () => {
  const cookie = cookieOf(auth.signIn('first-token', 0, false)!);
  expect(new SessionAuth(['second-token'], HOUR).accepts({ cookie }, 1)).toBe(false);
});

test.each([
  '',
  `${SESSION_COOKIE}=`,
  `${SESSION_COOKIE}=.`,
  `${SESSION_COOKIE}=99999999999999`,
  `${SESSION_COOKIE}=9e99.x`,
])('the cookie "%s" is no session', (cookie) => {
  expect(auth.accepts({ cookie }, 0)).toBe(false);
});

test('a wrong token gets no session', () => {
  expect(auth.signIn('third-token', 0, false)).toBeUndefined();
});

test('no script and no other site can use the cookie; over TLS no eavesdropper either', () => {
  const plain = auth.signIn('first-token', 0, false)!;
  expect(plain).toMatch(/; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict$/);
  expect(auth.signIn('first-token', 0, true)).toMatch(/; Secure$/);
  expect(plain).not.toContain('first-token');
});

test('signing out empties the cookie', () => {
  expect(auth.signOut(false)).toContain(`${SESSION_COOKIE}=; Path=/; Max-Age=0`);
});
