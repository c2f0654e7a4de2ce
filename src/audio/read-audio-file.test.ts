import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aiff,
  bytesOf,
  dataChunk,
  extensibleFmtChunk,
  fmtChunk,
  riff,
} from '../../test/support/audio-bytes.js';
import { flac } from '../../test/support/flac-bytes.js';
import { UndertoneError } from '../errors.js';
import { ENCODINGS } from './format.js';
import { G711_TO_FLOAT } from './g711.js';
import { decodeAudio, readAudioFile } from './read-audio-file.js';

describe('a file on disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-audio-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read by its content, whatever its name', async () => {
    const path = join(folder, 'really-aiff.wav');
    await writeFile(path, aiff({ frames: 1 }, Uint8Array.of(0x40, 0)));
    expect((await readAudioFile(path)).channels).toEqual([Float32Array.of(0.5)]);
  });

  it('that is not there is refused by name', async () => {
    const path = join(folder, 'nowhere.wav');
    await expect(readAudioFile(path)).rejects.toMatchObject({ code: 'UT_AUDIO_UNREADABLE', place: path });
  });

  it('that is a folder is refused', async () => {
    await expect(readAudioFile(folder)).rejects.toMatchObject({ code: 'UT_AUDIO_UNREADABLE' });
  });

  it('that is too large is refused before it is read', async () => {
    const path = join(folder, 'text.wav');
    await writeFile(path, 'hello there');
    await expect(readAudioFile(path, { maxBytes: 10 })).rejects.toMatchObject({ code: 'UT_AUDIO_TOO_LARGE' });
    await expect(readAudioFile(path)).rejects.toMatchObject({ code: 'UT_AUDIO_UNKNOWN_FORMAT', place: path });
  });
});

describe('audio without a header', () => {
  const rawFormat = { encoding: 'alaw', sampleRateHz: 8000, channels: 1 } as const;

  it('is read as the caller says', async () => {
    const clip = await decodeAudio(Uint8Array.of(0x2a, 0xaa), 'x', { rawFormat });
    expect(clip).toEqual({
      sampleRateHz: 8000,
      channels: [Float32Array.of(G711_TO_FLOAT.alaw[0x2a]!, G711_TO_FLOAT.alaw[0xaa]!)],
    });
  });

  it('is refused where it ends inside a sample', async () => {
    const stereo = { rawFormat: { ...rawFormat, channels: 2 } };
    const bytes = Uint8Array.of(1, 2, 3);
    await expect(decodeAudio(bytes, 'x', stereo)).rejects.toMatchObject({ code: 'UT_AUDIO_TRUNCATED' });
    expect((await decodeAudio(bytes, 'x', { ...stereo, tolerateTruncation: true })).channels[1]!.length).toBe(
      1,
    );
  });

  it('is refused with a format that cannot be', async () => {
    const read = (change: object) =>
      decodeAudio(Uint8Array.of(1, 2), 'x', { rawFormat: { ...rawFormat, ...change } });
    await expect(read({ channels: 0 })).rejects.toMatchObject({ code: 'UT_AUDIO_CHANNELS' });
    await expect(read({ sampleRateHz: 0 })).rejects.toMatchObject({ code: 'UT_AUDIO_RATE' });
  });

  it('is read by its header where it has one after all', async () => {
    const file = riff([fmtChunk(), dataChunk(Uint8Array.of(0, 0x40))]);
    expect((await decodeAudio(file, 'x', { rawFormat })).channels).toEqual([Float32Array.of(0.5)]);
  });
});

describe('whatever bytes come', () => {
  const options = { maxDecodedBytes: 2 ** 20, maxSeconds: 100 };

  /** A clip that keeps every promise, or an error with a code. */
  async function check(bytes: Uint8Array, more: object = {}): Promise<void> {
    const result = await decodeAudio(bytes, 'fuzz', { ...options, ...more }).catch((error: unknown) => error);
    if (result instanceof Error) {
      expect(result).toBeInstanceOf(UndertoneError);
      expect((result as UndertoneError).code).toMatch(/^UT_AUDIO_/);
      return;
    }
    const { sampleRateHz, channels } = result as Awaited<ReturnType<typeof decodeAudio>>;
    expect(sampleRateHz).toBeGreaterThanOrEqual(4000);
    expect([1, 2]).toContain(channels.length);
    for (const channel of channels) expect(channel.length).toBe(channels[0]!.length);
    expect(channels[0]!.length * channels.length * 4).toBeLessThanOrEqual(options.maxDecodedBytes);
    for (const channel of channels) expect(channel.every(Number.isFinite)).toBe(true);
  }

  const tolerance = fc.boolean().map((tolerateTruncation) => ({ tolerateTruncation }));
  const magic = fc.constantFrom(
    '',
    'RIFFxxxxWAVE',
    'FORMxxxxAIFF',
    'FORMxxxxAIFC',
    'fLaC',
    'RIFFxxxxWAVEfmt ',
  );

  it('random ones never surprise', async () => {
    const property = fc.asyncProperty(
      magic,
      fc.uint8Array({ maxLength: 300 }),
      tolerance,
      (head, tail, more) => check(bytesOf(head, tail), more),
    );
    await fc.assert(property, { numRuns: 1000 });
  });

  it('random ones read raw never surprise', async () => {
    const rawFormat = fc.record({
      encoding: fc.constantFrom(...ENCODINGS),
      sampleRateHz: fc.constantFrom(0, 8000, 8000.5),
      channels: fc.integer({ min: -1, max: 4 }),
    });
    const property = fc.asyncProperty(
      fc.uint8Array({ maxLength: 100 }),
      rawFormat,
      tolerance,
      (bytes, format, more) => check(bytes, { ...more, rawFormat: format }),
    );
    await fc.assert(property, { numRuns: 500 });
  });

  const sound = Uint8Array.from({ length: 600 }, (_, i) => (i * 7) & 255);
  const samples = Array.from({ length: 300 }, (_, i) => (i * 997) % 30_000);
  const seeds: [string, Uint8Array, number][] = [
    ['WAV', riff([fmtChunk({ channels: 2 }), dataChunk(sound)]), 1500],
    ['extensible WAV', riff([extensibleFmtChunk({ format: 3, bits: 32 }), dataChunk(sound)]), 1500],
    ['AIFF', aiff({ frames: 300 }, sound), 1500],
    ['AIFF-C', aiff({ frames: 300, type: 'sowt' }, sound), 1500],
    ['FLAC', flac({ channels: [samples], blockSize: 64 }), 150],
  ];

  it('a FLAC file over which the decoder itself stumbles is damaged, not a surprise', async () => {
    const [, seed] = seeds.at(-1)!;
    const bytes = seed.slice();
    bytes[7] = 127;
    await check(bytes.subarray(0, 136), { tolerateTruncation: false });
    await check(bytes.subarray(0, 136), { tolerateTruncation: true });
  });

  it.each(seeds)('a %s file with changed and missing bytes never surprises', async (_name, seed, numRuns) => {
    const change = fc.tuple(fc.nat({ max: 100 }), fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff));
    const changes = fc.array(change, { minLength: 1, maxLength: 8 });
    const length = fc.oneof(fc.constant(seed.length), fc.nat({ max: seed.length }));
    const property = fc.asyncProperty(changes, length, tolerance, (edits, cut, more) => {
      const bytes = seed.slice();
      for (const [at, value] of edits) bytes[at] = value;
      return check(bytes.subarray(0, cut), more);
    });
    await fc.assert(property, { numRuns });
  });
});
