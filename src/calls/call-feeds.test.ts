import { describe, expect, it } from 'vitest';
import { chunkAt, ENDED, lost, START } from '../../test/support/call-bench.js';
import type { Leg } from '../ingest/index.js';
import { CallFeeds, type CallRecord } from './call-feeds.js';

const BOTH: readonly Leg[] = ['customer', 'agent'];

/** @param at the gateway, by the first feed that it saw */
const startOf = (feedId: string, at: string, legs: readonly Leg[] = ['customer'], live = true) => ({
  ...START,
  feedId,
  firstFeed: at,
  legs,
  live,
});
const chunkOf = (feedId: string, offsetSamples = 0) => ({
  ...chunkAt(offsetSamples, new Uint8Array(160)),
  feedId,
});

const at = (offset: number, arrivedAtMs = 0) => ({ offset, arrivedAtMs });

/** A call that feed `a` brings, at a gateway of its own, and what `begin` said of the next feed. */
function movedTo(next: ReturnType<typeof startOf>, reachedMs = 10_005, legs?: readonly Leg[]) {
  const feeds = new CallFeeds();
  feeds.begin(startOf('a', 'a', legs), at(0));
  feeds.heard(reachedMs, 0);
  const isAlone = feeds.begin(next, at(50));
  return { feeds, isAlone };
}

describe('a feed that brings a leg to another gateway', () => {
  it('goes on where the call has arrived, at the next block of voice activity', () => {
    const { feeds, isAlone } = movedTo(startOf('b', 'b'));
    expect(isAlone).toBe(true);
    expect(feeds.placed(chunkOf('b', 80), 60)).toMatchObject({ offsetSamples: 8 * 10_016 + 80 });
    expect(feeds.placed({ ...lost(20, 100), feedId: 'b' } as CallRecord, 60)).toMatchObject({
      offsetMs: 10_036,
    });
    const voice = {
      ...START,
      type: 'voice.activity',
      leg: 'agent',
      firstBlock: 3,
      voiced: [true],
      feedId: 'b',
    };
    expect(feeds.placed(voice as CallRecord, 60)).toMatchObject({ firstBlock: 626 + 3 });
    const ended = { ...ENDED, feedId: 'b' } as CallRecord;
    expect(feeds.placed(ended, 60)).toBe(ended);
  });

  it('replaces the one that brought it, from then on', () => {
    const { feeds } = movedTo(startOf('b', 'b'));
    expect(feeds.placed(chunkOf('a'), 49)).toMatchObject({ offsetSamples: 0 });
    expect(feeds.placed(chunkOf('a'), 51)).toBeUndefined();
    expect(feeds.placed({ ...ENDED, feedId: 'a' } as CallRecord, 51)).toBeUndefined();
  });

  it('may come back to the first, whose media time went on', () => {
    const { feeds } = movedTo(startOf('b', 'b'));
    expect(feeds.begin(startOf('a-2', 'a'), at(90))).toBe(true);
    expect(feeds.placed(chunkOf('a-2', 160_000), 91)).toMatchObject({ offsetSamples: 160_000 });
    expect(feeds.placed(chunkOf('b'), 91)).toBeUndefined();
  });

  it('leaves alone who brings another leg', () => {
    const feeds = new CallFeeds();
    feeds.begin(startOf('a', 'a'), at(0));
    feeds.begin(startOf('a-agent', 'a', ['agent']), at(1));
    expect(feeds.begin(startOf('b', 'b'), at(50))).toBe(false);
    expect(feeds.placed(chunkOf('a-agent', 7), 60)).toMatchObject({ offsetSamples: 7 });
  });

  it('stands in the state', () => {
    const { feeds } = movedTo(startOf('b', 'b'));
    const restored = new CallFeeds(JSON.parse(JSON.stringify(feeds.state)));
    expect(restored.placed(chunkOf('b'), 60)).toEqual(feeds.placed(chunkOf('b'), 60));
    expect(restored.placed(chunkOf('a'), 60)).toBeUndefined();
  });
});

it('counts a second leg at another gateway from when it came, a recording from the beginning', () => {
  const live = movedTo(startOf('b', 'b', ['agent']), 3000, ['customer']);
  expect(live.feeds.placed(chunkOf('b'), 60)).toMatchObject({ offsetSamples: 8 * 3008 });
  expect(live.isAlone).toBe(false);
  const recording = movedTo(startOf('b', 'b', ['agent'], false), 3000, ['customer']);
  expect(recording.feeds.placed(chunkOf('b'), 60)).toMatchObject({ offsetSamples: 0 });
});

it('counts the time in which no feed of a live call was there', () => {
  const feeds = new CallFeeds();
  feeds.begin(startOf('a', 'a'), at(0, 5000));
  feeds.heard(16_000, 21_000);
  feeds.begin(startOf('b', 'b'), at(50, 21_320));
  expect(feeds.placed(chunkOf('b'), 51)).toMatchObject({ offsetSamples: 8 * (16_320 + 16) });
});

it('takes feeds of one gateway as they are, and those that say nothing of theirs', () => {
  const { feeds, isAlone } = movedTo(startOf('a-2', 'a'));
  expect(isAlone).toBe(false);
  expect(feeds.placed(chunkOf('a-2', 9), 60)).toMatchObject({ offsetSamples: 9 });
  expect(feeds.placed(chunkOf('a', 9), 60)).toMatchObject({ offsetSamples: 9 });
  expect(feeds.begin({ ...START, legs: BOTH }, at(70))).toBe(false);
  expect(feeds.placed(chunkOf(START.feedId, 9), 71)).toMatchObject({ offsetSamples: 9 });
});

it('remembers the newest feeds', () => {
  const feeds = new CallFeeds();
  feeds.heard(1000, 0);
  for (let n = 0; n < 40; n++) feeds.begin(startOf(`f${n}`, `f${n}`), at(n, 1000 * n));
  expect(feeds.state.feeds).toHaveLength(16);
  expect(feeds.placed(chunkOf('f39'), 60)).toMatchObject({
    offsetSamples: 8 * (40_000 + 16),
  });
});
