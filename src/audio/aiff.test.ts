import { describe, expect, it } from 'vitest';
import { aiff, bytesOf, u32be } from '../../test/support/audio-bytes.js';
import { G711_TO_FLOAT } from './g711.js';
import { type AudioReadOptions, decodeAudio } from './read-audio-file.js';

const S16BE = Uint8Array.of(0x40, 0x00, 0xc0, 0x00);
const decode = (bytes: Uint8Array, options?: AudioReadOptions) => decodeAudio(bytes, 'a.wav', options);

describe('what AIFF files hold', () => {
  const cases: [string, Uint8Array, number[]][] = [
    ['AIFF', aiff({ frames: 2 }, S16BE), [0.5, -0.5]],
    ['AIFF 8-bit', aiff({ frames: 3, bits: 8 }, Uint8Array.of(64, 192, 0)), [0.5, -0.5, 0]],
    ['AIFF 24-bit', aiff({ frames: 1, bits: 24 }, Uint8Array.of(0xc0, 0, 0)), [-0.5]],
    ['AIFF 32-bit', aiff({ frames: 1, bits: 32 }, Uint8Array.of(0xc0, 0, 0, 0)), [-0.5]],
    ['AIFF-C NONE', aiff({ frames: 2, type: 'NONE' }, S16BE), [0.5, -0.5]],
    ['AIFF-C sowt', aiff({ frames: 1, type: 'sowt' }, Uint8Array.of(0, 0x40)), [0.5]],
    ['AIFF-C fl32', aiff({ frames: 1, bits: 32, type: 'fl32' }, Uint8Array.of(0x3e, 0x80, 0, 0)), [0.25]],
    [
      'AIFF-C fl64',
      aiff({ frames: 1, bits: 64, type: 'fl64' }, bytesOf([0x3f, 0xd0], u32be(0), [0, 0])),
      [0.25],
    ],
    ['AIFF-C ulaw', aiff({ frames: 1, type: 'ulaw' }, Uint8Array.of(0)), [G711_TO_FLOAT.mulaw[0]!]],
    ['AIFF-C alaw', aiff({ frames: 1, bits: 8, type: 'alaw' }, Uint8Array.of(9)), [G711_TO_FLOAT.alaw[9]!]],
    ['a count of 0', aiff({ frames: 0 }, S16BE), [0.5, -0.5]],
  ];

  it.each(cases)('%s', async (_name, bytes, expected) => {
    const clip = await decode(bytes);
    expect(clip).toEqual({ sampleRateHz: 8000, channels: [Float32Array.from(expected)] });
  });

  it.each([
    [[0x40, 0x0d, 0xbe, 0xbc, 0, 0, 0, 0, 0, 0], 24414],
    [[0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0], 44100],
    [[0x40, 0x0d, 0xac, 0x44, 0, 0, 0, 0, 0, 0], 22050],
  ])('a rate of ten bytes %j', async (rate, expected) => {
    expect((await decode(aiff({ frames: 2, rate }, S16BE))).sampleRateHz).toBe(expected);
  });

  it('two channels', async () => {
    const clip = await decode(aiff({ frames: 1, channels: 2 }, S16BE));
    expect(clip.channels).toEqual([Float32Array.of(0.5), Float32Array.of(-0.5)]);
  });
});

describe('what is wrong with an AIFF file', () => {
  const cases: [string, string, Uint8Array, string][] = [
    ['UT_AUDIO_TRUNCATED', 'sound missing', aiff({ frames: 9 }, S16BE), '9 samples a channel'],
    ['UT_AUDIO_TRUNCATED', 'cut inside COMM', aiff({ frames: 2 }, S16BE).slice(0, 30), 'byte 20'],
    ['UT_AUDIO_HEADER', 'nothing inside', bytesOf('FORM', u32be(4), 'AIFF'), 'No "COMM" chunk'],
    ['UT_AUDIO_HEADER', 'no sound', aiff({ frames: 2 }, S16BE).slice(0, 38), 'No "SSND" chunk'],
    ['UT_AUDIO_CODEC', 'another codec', aiff({ frames: 2, type: 'ima4' }, S16BE), '"ima4"'],
    ['UT_AUDIO_CODEC', 'a strange width', aiff({ frames: 2, bits: 40 }, S16BE), '40 bits'],
    ['UT_AUDIO_RATE', '0 Hz', aiff({ frames: 2, rate: Array(10).fill(0) }, S16BE), '0 Hz'],
    [
      'UT_AUDIO_RATE',
      '−8000 Hz',
      aiff({ frames: 2, rate: [0xc0, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0] }, S16BE),
      '-8000',
    ],
    ['UT_AUDIO_CHANNELS', '0 channels', aiff({ frames: 2, channels: 0 }, S16BE), '0 channels'],
    ['UT_AUDIO_UNKNOWN_FORMAT', 'another FORM', bytesOf('FORM', u32be(4), 'ILBM'), 'bytes 464f524d'],
  ];

  it.each(cases)('%s: %s', async (code, _what, bytes, detail) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code });
    await expect(decode(bytes)).rejects.toThrow(detail);
  });

  it('is read as far as it goes where that is allowed', async () => {
    const clip = await decode(aiff({ frames: 9 }, S16BE), { tolerateTruncation: true });
    expect([...clip.channels[0]!]).toEqual([0.5, -0.5]);
  });
});
