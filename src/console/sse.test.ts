import { expect, test } from 'vitest';
import { sseFrame, sseRetry } from './sse.js';

test('a frame has its id, its name and one line of JSON, and ends with an empty line', () => {
  expect(sseFrame('point', { callId: 'a' }, 'run-7')).toBe(
    'id: run-7\nevent: point\ndata: {"callId":"a"}\n\n',
  );
});

test('a frame without an id leaves the reader where it was', () => {
  expect(sseFrame('heartbeat', {})).toBe('event: heartbeat\ndata: {}\n\n');
});

test('a line break inside a text cannot end the data early', () => {
  expect(sseFrame('alert', { reason: 'a\n\ndata: b\r' }).split('\n')).toHaveLength(4);
});

test('the time to wait before connecting again is sent in milliseconds', () => {
  expect(sseRetry(2000)).toBe('retry: 2000\n\n');
});
