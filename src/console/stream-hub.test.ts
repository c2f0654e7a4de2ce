import { expect, test } from 'vitest';
import { EventRing } from './event-ring.js';
import { SILENT_CONSOLE_OBSERVER, type StreamEnd } from './observer.js';
import { StreamHub, type StreamSink } from './stream-hub.js';

class Reader implements StreamSink {
  readonly frames: string[] = [];
  unread = 0;
  isClosed = false;

  write(text: string): void {
    this.frames.push(text);
  }

  backlogBytes(): number {
    return this.unread;
  }

  close(): void {
    this.isClosed = true;
  }

  /** Names of the events it got, after the greeting. */
  get events(): string[] {
    return this.frames.slice(1).map((frame) => /event: (\S+)/.exec(frame)![1]!);
  }
}

function setUp(maxStreams = 10) {
  const ring = new EventRing('run', 3, 1_000_000);
  const ends: StreamEnd[] = [];
  const observer = { ...SILENT_CONSOLE_OBSERVER, streamEnded: (reason: StreamEnd) => void ends.push(reason) };
  const hub = new StreamHub(ring, { maxStreams, maxStreamBacklogBytes: 1000 }, observer);
  const publish = (callId: string): void => hub.broadcast(ring.push({ kind: 'erased', value: { callId } }));
  return { hub, ends, publish };
}

test('a stream begins with the id of the newest event and then gets each event', () => {
  const { hub, publish } = setUp();
  publish('a');
  const reader = new Reader();
  hub.open(reader, {}, undefined);
  publish('b');
  expect(reader.frames[0]).toContain('{"eventId":"run-1"}');
  expect(reader.events).toEqual(['erased']);
  expect(reader.frames[1]).toContain('"b"');
});

test('a stream hears only of the call that it asked for', () => {
  const { hub, publish } = setUp();
  const reader = new Reader();
  hub.open(reader, { callId: 'b' }, undefined);
  publish('a');
  publish('b');
  expect(reader.events).toHaveLength(1);
});

test('a resumed stream first gets what it missed', () => {
  const { hub, publish } = setUp();
  for (const callId of ['a', 'b', 'c']) publish(callId);
  const reader = new Reader();
  hub.open(reader, {}, 'run-1');
  expect(reader.frames.slice(1).map((frame) => frame.split('\n')[0])).toEqual(['id: run-2', 'id: run-3']);
});

test('a stream that missed too much is told to read everything again', () => {
  const { hub, publish } = setUp();
  for (const callId of ['a', 'b', 'c', 'd', 'e']) publish(callId);
  const reader = new Reader();
  hub.open(reader, {}, 'run-1');
  expect(reader.events).toEqual(['reset']);
  expect(reader.frames[1]).toContain('too-old');
});

test('a reader that leaves too much unread is dropped, counted, and harms no other', () => {
  const { hub, ends, publish } = setUp();
  const [slow, quick] = [new Reader(), new Reader()];
  hub.open(slow, {}, undefined);
  hub.open(quick, {}, undefined);
  slow.unread = 1001;
  publish('a');
  publish('b');
  expect(slow.isClosed).toBe(true);
  expect(slow.events).toHaveLength(1);
  expect(quick.events).toHaveLength(2);
  expect(ends).toEqual(['too-slow']);
});

test('a reader that is too slow for what it missed is dropped in the midst of it', () => {
  const { hub, publish } = setUp();
  for (const callId of ['a', 'b', 'c']) publish(callId);
  const reader = new Reader();
  reader.unread = 1001;
  hub.open(reader, {}, 'run-0');
  expect(reader.events).toHaveLength(1);
  expect(hub.size).toBe(0);
});

test('a stream more than allowed is refused, and one that left makes room', () => {
  const { hub } = setUp(1);
  const leave = hub.open(new Reader(), {}, undefined);
  expect(() => hub.assertRoom()).toThrow('UT_CONSOLE_TOO_MANY_STREAMS');
  leave();
  expect(() => hub.assertRoom()).not.toThrow();
});

test('closing ends every stream once', () => {
  const { hub, ends } = setUp();
  const reader = new Reader();
  const leave = hub.open(reader, {}, undefined);
  hub.close();
  leave();
  expect(reader.isClosed).toBe(true);
  expect(ends).toEqual(['shutdown']);
});
