import { expect, it } from 'vitest';
import type { ResultRecord } from '../../src/bus/index.js';
import { EVENT_TYPES } from '../../src/sink/index.js';
import type { Point } from '../../src/timeline/index.js';
import { playLog } from '../compatibility/play-log.js';
import { presentRelease } from '../compatibility/release.js';
import { FAKE_BUNDLE } from '../support/call-bench.js';

const pointsIn = (results: readonly ResultRecord[]): Point[] =>
  results
    .filter(({ headers, value }) => headers.ce_type === EVENT_TYPES.point && value !== null)
    .map(({ value }) => JSON.parse(Buffer.from(value!).toString('utf8')) as Point)
    .filter(({ callId }) => callId === 'long');

/** What a worker leaves that stops in the middle of the long call. */
async function halfWay() {
  const release = await presentRelease();
  const states = release.results.flatMap(({ headers }, at) => (headers.state === undefined ? [] : [at]));
  const left = release.results.slice(0, states[Math.floor(states.length / 2)]! + 1);
  return { release, left };
}

it('a call that comes to a worker with another model goes on with that one, and its points say so', async () => {
  const { release, left } = await halfWay();
  const more = await playLog({ ...release, model: 'other@111111111111' }, release.audio, left);
  const models = (results: readonly ResultRecord[]) => new Set(pointsIn(results).map(({ model }) => model));
  expect(models(left)).toEqual(new Set([FAKE_BUNDLE.modelId]));
  expect(models(more)).toEqual(new Set(['other@111111111111']));
  const indices = (results: readonly ResultRecord[]) =>
    pointsIn(results).map(({ windowIndex }) => windowIndex);
  expect([...indices(left), ...indices(more)]).toEqual(indices(release.results));
});

it('a call that comes to a worker with another front end is not misread', async () => {
  const { release, left } = await halfWay();
  const frontEnd = { ...release.frontEnd, topDb: 70 };
  await expect(playLog({ ...release, frontEnd }, release.audio, left)).rejects.toThrow('UT_CALLS_BAD_STATE');
});
