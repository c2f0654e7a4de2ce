import { describe, expect, it, vi } from 'vitest';
import { bytesOf } from '../../test/support/audio-bytes.js';
import { flac } from '../../test/support/flac-bytes.js';
import { type AudioReadOptions, decodeAudio } from './read-audio-file.js';

const decode = (bytes: Uint8Array, options?: AudioReadOptions) => decodeAudio(bytes, 'a.flac', options);

/** Integers over the whole range of a width, the extremes among them. */
function ramp(bits: number, count: number): number[] {
  const top = 2 ** (bits - 1) - 1;
  return Array.from({ length: count }, (_, i) => {
    if (i < 2) return i === 0 ? -top - 1 : top;
    return (Math.imul(i, 2654435761) >> (32 - bits)) | 0;
  });
}

describe('what FLAC files hold', () => {
  it.each([8, 16, 24] as const)('%i bits, every integer exact', async (bits) => {
    const samples = ramp(bits, 9001);
    const clip = await decode(flac({ bits, channels: [samples] }));
    expect(clip.sampleRateHz).toBe(16000);
    expect(clip.channels).toEqual([Float32Array.from(samples, (x) => x / 2 ** (bits - 1))]);
  });

  it('two channels', async () => {
    const clip = await decode(flac({ rateHz: 8000, channels: [ramp(16, 500), ramp(16, 500).reverse()] }));
    expect(clip.sampleRateHz).toBe(8000);
    expect([...clip.channels[1]!]).toEqual([...clip.channels[0]!].reverse());
  });

  it.each([1, 15, 4096, 4097, 8192])('a file of %i samples to the last one', async (count) => {
    expect((await decode(flac({ channels: [ramp(16, count)] }))).channels[0]!.length).toBe(count);
  });

  it('a last frame with the byte 0xff before its checksum', async () => {
    const samples = [...ramp(16, 4200), 0x00ff];
    expect((await decode(flac({ channels: [samples] }))).channels[0]!.length).toBe(4201);
  });

  it('a count that the writer did not know', async () => {
    const clip = await decode(flac({ channels: [ramp(16, 5000)], statedSamples: 0 }));
    expect(clip.channels[0]!.length).toBe(5000);
  });
});

describe('what is wrong with a FLAC file', () => {
  const whole = flac({ channels: [ramp(16, 9000)] });
  const damaged = whole.slice();
  damaged[10_000]! ^= 0xff;
  const noInfo = whole.slice();
  noInfo[4] = 0x84;

  it.each([
    ['UT_AUDIO_TRUNCATED', 'only the magic', bytesOf('fLaC')],
    [
      'UT_AUDIO_TRUNCATED',
      'cut in its metadata',
      bytesOf('fLaC', [0, 0, 0, 34], Array(34).fill(0), [0x81, 1, 0, 0]),
    ],
    ['UT_AUDIO_TRUNCATED', 'cut in its audio', whole.slice(0, 12_000)],
    ['UT_AUDIO_TRUNCATED', 'a frame with a wrong checksum', damaged],
    ['UT_AUDIO_HEADER', 'no STREAMINFO', noInfo],
    ['UT_AUDIO_RATE', '0 Hz', flac({ rateHz: 0, channels: [[1]] })],
    ['UT_AUDIO_CHANNELS', '3 channels', flac({ channels: [[1], [2], [3]] })],
    ['UT_AUDIO_EMPTY', 'no audio', flac({ channels: [[]] })],
  ])('%s: %s', async (code, _what, bytes) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code });
  });

  it('is read up to the damaged frame where that is allowed', async () => {
    const clip = await decode(damaged, { tolerateTruncation: true });
    expect(clip.channels[0]!.length).toBe(4096);
  });

  it.each([0x04, 0x7e, 0x80, 0x18])(
    'a frame that is whole, but means nothing (subframe %i)',
    async (subframeHeader) => {
      const file = flac({ channels: [ramp(16, 100)], subframeHeader, statedSamples: 0 });
      const decodersOwnWords = vi.spyOn(console, 'error').mockReturnValue();
      await expect(decode(file)).rejects.toMatchObject({ code: 'UT_AUDIO_TRUNCATED' });
      decodersOwnWords.mockRestore();
    },
  );

  it('hours of silence in a few kilobytes are refused before they are unpacked', async () => {
    const channels = [Array<number>(65_535 * 40).fill(0)];
    const bomb = flac({ channels, blockSize: 65_535, constant: true, statedSamples: 0 });
    expect(bomb.length).toBeLessThan(1000);
    await expect(decode(bomb, { maxDecodedBytes: 2 ** 20 })).rejects.toMatchObject({
      code: 'UT_AUDIO_TOO_LARGE',
    });
    await expect(decode(bomb, { maxSeconds: 60 })).rejects.toMatchObject({ code: 'UT_AUDIO_TOO_LONG' });
  });
});
