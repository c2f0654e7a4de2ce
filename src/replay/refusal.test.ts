import { expect, it } from 'vitest';
import { readCloseReason, readRefusalBody, refusalError } from './refusal.js';

it('repeats what the gateway said, and what to do about it', () => {
  const facts = {
    answer: 'close code 1008',
    ...readCloseReason('UT_INGEST_DUPLICATE_FEED: the leg customer is taken.'),
  };
  const error = refusalError('ws://localhost:8080/', facts);
  expect(error.code).toBe('UT_CLI_REPLAY_REFUSED');
  expect(error.message).toMatch(
    /close code 1008.*UT_INGEST_DUPLICATE_FEED: the leg customer is taken.*one stream a call/,
  );
});

it('makes do with answers that are not from Undertone', () => {
  expect(readCloseReason('bye')).toEqual({ message: 'bye' });
  expect(readRefusalBody('<html>')).toEqual({});
  expect(readRefusalBody('{"code":7,"message":"x"}')).toEqual({ message: 'x' });
  const error = refusalError('ws://localhost:8080/', { answer: 'HTTP 404', ...readRefusalBody('<html>') });
  expect(error.message).toMatch(/It answered with HTTP 404\./);
  expect(refusalError('ws://x/', { answer: 'HTTP 503' }).retriable).toBe(true);
});
