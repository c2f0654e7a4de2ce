import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeWav, readAudioFile } from '../../src/audio/index.js';
import { type ReplayOptions, replay } from '../../src/replay/index.js';
import type { Point } from '../../src/timeline/index.js';
import { endedCall, pointsOf } from '../support/api.js';
import { recording } from '../support/corpora.js';
import { type RunningProgram, runProgram, startProgram } from '../support/program.js';
import { describeWith } from '../support/requirements.js';

const SECONDS = 14;

/** A point's bytes, but for the name of its call, what the feed said of notice, and the wall clock. */
const bytesOf = (point: Point) => JSON.stringify({ ...point, callId: '', notice: '', emittedAt: '' });

describeWith(['corpora'], 'the same recording', () => {
  let folder: string;
  let file: string;
  let program: RunningProgram;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-same-'));
    file = join(folder, 'customer.wav');
    const clip = await readAudioFile(
      recording('telephone', 'genesys_audiohook_test-transcript-connector.wav'),
    );
    const customer = clip.channels[0]!.subarray(0, SECONDS * clip.sampleRateHz);
    await writeFile(file, encodeWav({ sampleRateHz: clip.sampleRateHz, channels: [customer] }, 'mulaw'));
    program = await startProgram(['worker.overload.maxDelayMs=60000']);
  });
  afterAll(async () => {
    await program.stop();
    await rm(folder, { recursive: true });
  });

  async function throughFeed(name: string, options: Pick<ReplayOptions, 'feed'> & Partial<ReplayOptions>) {
    const [result] = await replay({
      ...options,
      files: [file],
      url: program.url.replace('http', 'ws'),
      callIdPrefix: name,
    });
    expect(result!.error).toBeUndefined();
    await endedCall(program.url, result!.callId, 30_000);
    return (await pointsOf(program.url, result!.callId)).points.map(bytesOf);
  }

  it('gives byte-identical points by file, by Twilio at 1×, by generic at 50× and in chunks of random sizes', async () => {
    const { code, stdout } = await runProgram(['classify', '--json', file]);
    expect(code).toBe(0);
    const points = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Point);
    const expected = points.map(bytesOf);
    expect(points.length).toBeGreaterThan(20);
    expect(points.filter((p) => p.status === 'classified').length).toBeGreaterThan(5);
    const encoding = 'mulaw';
    const feeds = await Promise.all([
      throughFeed('twilio', { feed: 'twilio', speed: 1 }),
      throughFeed('generic', { feed: 'generic', encoding, speed: 50 }),
      throughFeed('random-1', {
        feed: 'generic',
        encoding,
        speed: 0,
        randomChunks: { seed: 1, maxBytes: 9000 },
      }),
      throughFeed('random-2', {
        feed: 'generic',
        encoding: 's16le',
        speed: 0,
        randomChunks: { seed: 2, maxBytes: 301 },
      }),
    ]);
    for (const feed of feeds) expect(feed).toEqual(expected);
  }, 90_000);
});
