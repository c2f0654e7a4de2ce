import { expect, test } from 'vitest';
import { redisError } from './errors.js';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), { code });
}

test.each([
  [reply('WRONGPASS invalid username-password pair or user is disabled.'), 'UT_REDIS_AUTHENTICATION'],
  [reply('NOAUTH HELLO must be called with the client already authenticated'), 'UT_REDIS_AUTHENTICATION'],
  [reply('ERR invalid password'), 'UT_REDIS_AUTHENTICATION'],
  [reply("NOPERM this user has no permissions to run the 'set' command"), 'UT_REDIS_DENIED'],
  [reply("READONLY You can't write against a read only replica."), 'UT_REDIS_READ_ONLY'],
  [reply('LOADING Redis is loading the dataset in memory'), 'UT_REDIS_NOT_READY'],
  [reply('CLUSTERDOWN Hash slot not served'), 'UT_REDIS_NOT_READY'],
  [reply("OOM command not allowed when used memory > 'maxmemory'."), 'UT_REDIS_REFUSED'],
  [reply('ERR unknown command'), 'UT_REDIS_REFUSED'],
  [failure("Socket timeout. Expecting data, but didn't receive any in 300ms."), 'UT_REDIS_TIMEOUT'],
  [failure('self-signed certificate in certificate chain', 'SELF_SIGNED_CERT_IN_CHAIN'), 'UT_REDIS_TLS'],
  [failure('write EPROTO 00: wrong version number', 'EPROTO'), 'UT_REDIS_TLS'],
  [failure('connect ECONNREFUSED 127.0.0.1:6379', 'ECONNREFUSED'), 'UT_REDIS_UNREACHABLE'],
  [failure('getaddrinfo ENOTFOUND redis', 'ENOTFOUND'), 'UT_REDIS_UNREACHABLE'],
  [new AggregateError([failure('connect ECONNREFUSED ::1:6379')]), 'UT_REDIS_UNREACHABLE'],
  [failure(''), 'UT_REDIS_UNREACHABLE'],
  ['thrown text', 'UT_REDIS_UNREACHABLE'],
])('%s is %s', (cause, code) => {
  const error = redisError(cause, 'redis 127.0.0.1:6379');
  expect(error).toMatchObject({ code, place: 'redis 127.0.0.1:6379', retriable: true, cause });
});

test('of a cluster, what its last node said counts', () => {
  const lastNodeError = reply('WRONGPASS invalid');
  const cause = Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError });
  expect(redisError(cause, 'redis').code).toBe('UT_REDIS_AUTHENTICATION');
});
