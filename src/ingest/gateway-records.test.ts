import { describe, expect, it } from 'vitest';
import {
  CHUNK,
  type GatewayBench,
  START,
  STOP,
  settle,
  startedBench,
} from '../../test/support/gateway-bench.js';

const gatheringBench = () => startedBench({ limits: { recordMs: 128 } });

/** The audio log: of chunks how many samples, of others the type. */
const logOf = async (b: GatewayBench) =>
  (await b.records()).map((record) => (record.type === 'audio.chunk' ? record.bytes.length : record.type));

describe('messages of a leg', () => {
  it('are gathered into records, which are counted', async () => {
    const b = await gatheringBench();
    b.connect('generic').send(START, ...Array<Uint8Array>(14).fill(CHUNK));
    expect(await logOf(b)).toEqual(['call.started', 160, 1120, 960]);
    const chunks = await b.recordsOf('audio.chunk');
    expect(chunks.map(({ seq, offsetSamples }) => [seq, offsetSamples])).toEqual([
      [0, 0],
      [1, 160],
      [2, 1280],
    ]);
  });

  it('wait for no longer than a record is', async () => {
    const b = await gatheringBench();
    b.connect('generic').send(START, CHUNK, CHUNK, CHUNK);
    expect(await logOf(b)).toEqual(['call.started', 160]);
    b.clock.advance(127);
    expect(await logOf(b)).toEqual(['call.started', 160]);
    b.clock.advance(1);
    expect(await logOf(b)).toEqual(['call.started', 160, 320]);
  });

  it.each([
    ['is lost', { event: 'lost', durationMs: 100 }, 'audio.lost'],
    ['is withheld', { event: 'pause' }, 'call.paused'],
    ['ends', STOP, 'call.ended'],
  ])('stand in the log before what %s', async (_, message, type) => {
    const b = await gatheringBench();
    b.connect('generic').send(START, CHUNK, CHUNK, CHUNK, message);
    expect(await logOf(b)).toEqual(['call.started', 160, 320, type]);
  });

  it('stand in the log where their feed breaks', async () => {
    const b = await gatheringBench();
    const feed = b.connect('generic');
    feed.send(START, CHUNK, CHUNK);
    feed.connection.closed();
    expect(await logOf(b)).toEqual(['call.started', 160, 160]);
  });

  it('that no bus takes end their feed', async () => {
    const b = await gatheringBench();
    const feed = b.connect('generic');
    feed.send(START, CHUNK, CHUNK);
    await settle();
    await b.bus.close();
    b.clock.advance(128);
    await settle();
    expect(feed.socket.closes).toMatchObject([{ code: 1011 }]);
  });
});
