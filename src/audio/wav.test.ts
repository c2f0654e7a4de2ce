import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  dataChunk,
  extensibleFmtChunk,
  fmtChunk,
  riff,
  u32le,
} from '../../test/support/audio-bytes.js';
import { encodeWav } from './encode-wav.js';
import { G711_TO_FLOAT } from './g711.js';
import { type AudioReadOptions, decodeAudio } from './read-audio-file.js';

const S16 = Uint8Array.of(0x00, 0x40, 0x00, 0xc0, 0xff, 0x7f);
const S16_SAMPLES = [0.5, -0.5, 32767 / 32768];

const decode = (bytes: Uint8Array, options?: AudioReadOptions) => decodeAudio(bytes, 'a.wav', options);
const channelsOf = async (bytes: Uint8Array) => (await decode(bytes)).channels.map((channel) => [...channel]);

function floatBytes(bits: 32 | 64, ...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer((values.length * bits) / 8));
  for (const [i, value] of values.entries()) {
    if (bits === 32) view.setFloat32(4 * i, value, true);
    else view.setFloat64(8 * i, value, true);
  }
  return new Uint8Array(view.buffer);
}

describe('what WAV files hold', () => {
  const cases: [string, Uint8Array, Uint8Array, number[]][] = [
    ['8-bit', fmtChunk({ bits: 8 }), Uint8Array.of(128, 192, 0), [0, 0.5, -1]],
    ['16-bit', fmtChunk(), S16, S16_SAMPLES],
    ['24-bit', fmtChunk({ bits: 24 }), Uint8Array.of(0, 0, 0x40, 0, 0, 0x80), [0.5, -1]],
    ['32-bit', fmtChunk({ bits: 32 }), Uint8Array.of(0, 0, 0, 0x40, 0, 0, 0, 0x80), [0.5, -1]],
    ['12-bit in 16', fmtChunk({ bits: 12, frameBytes: 2 }), Uint8Array.of(0, 0x40), [0.5]],
    ['float', fmtChunk({ format: 3, bits: 32 }), floatBytes(32, 0.25, -1.5), [0.25, -1.5]],
    ['double', fmtChunk({ format: 3, bits: 64 }), floatBytes(64, 0.25, -1.5), [0.25, -1.5]],
    ['A-law', fmtChunk({ format: 6, bits: 8 }), Uint8Array.of(0x2a), [G711_TO_FLOAT.alaw[0x2a]!]],
    ['µ-law', fmtChunk({ format: 7, bits: 8 }), Uint8Array.of(0), [G711_TO_FLOAT.mulaw[0]!]],
    ['extensible 16-bit', extensibleFmtChunk({}), S16, S16_SAMPLES],
    ['extensible float', extensibleFmtChunk({ format: 3, bits: 32 }), floatBytes(32, 0.5), [0.5]],
  ];

  it.each(cases)('%s', async (_name, fmt, data, expected) => {
    expect(await channelsOf(riff([fmt, dataChunk(data)]))).toEqual([expected]);
  });

  it('two channels', async () => {
    const data = bytesOf(S16, S16.slice(0, 2));
    expect(await channelsOf(riff([fmtChunk({ channels: 2 }), dataChunk(data)]))).toEqual([
      [0.5, 32767 / 32768],
      [-0.5, 0.5],
    ]);
  });

  it('chunks nobody knows, of odd length, with the padding byte and without', async () => {
    const odd = bytesOf('LIST', u32le(3), 'abc');
    expect(await channelsOf(riff([odd, new Uint8Array(1), fmtChunk(), dataChunk(S16)]))).toEqual([
      S16_SAMPLES,
    ]);
    expect(await channelsOf(riff([odd, fmtChunk(), dataChunk(S16)]))).toEqual([S16_SAMPLES]);
  });

  it('chunks after the audio, even cut short', async () => {
    const tail = bytesOf('LIST', u32le(5000), 'abc');
    expect(await channelsOf(riff([fmtChunk(), dataChunk(S16), tail]))).toEqual([S16_SAMPLES]);
  });

  it.each([0xffffffff, 0x7fffffff, 0x7ffff000])(
    'a data length of %d from a program that writes to a pipe',
    async (size) => {
      expect(await channelsOf(riff([fmtChunk(), dataChunk(S16, size)], size))).toEqual([S16_SAMPLES]);
    },
  );

  it('a data length of 0 that was never filled in', async () => {
    expect(await channelsOf(riff([fmtChunk(), dataChunk(S16, 0)], 0))).toEqual([S16_SAMPLES]);
  });

  it('a last sample that is not whole is left out', async () => {
    const data = bytesOf(S16, [1]);
    expect(await channelsOf(riff([fmtChunk(), dataChunk(data)]))).toEqual([S16_SAMPLES]);
  });
});

describe('what is wrong with a WAV file', () => {
  const good = [fmtChunk(), dataChunk(S16)];
  const cases: [string, string, Uint8Array, string][] = [
    ['UT_AUDIO_EMPTY', '0 bytes', new Uint8Array(0), 'a.wav'],
    ['UT_AUDIO_EMPTY', 'no sample, and says so', riff([fmtChunk(), dataChunk(new Uint8Array(0))]), 'a.wav'],
    ['UT_AUDIO_UNKNOWN_FORMAT', 'text', bytesOf('Dear Sir or Madam,\nlisten!\n'), 'looks like text'],
    ['UT_AUDIO_UNKNOWN_FORMAT', 'another RIFF', bytesOf('RIFF', u32le(4), 'AVI ', [0, 1]), 'bytes 52494646'],
    ['UT_AUDIO_TRUNCATED', 'a header cut off', bytesOf('RIFF', [1, 2]), '6 bytes'],
    ['UT_AUDIO_TRUNCATED', 'cut inside fmt', riff(good).slice(0, 30), 'byte 30'],
    ['UT_AUDIO_TRUNCATED', 'audio missing', riff([fmtChunk(), dataChunk(S16, 999)]), 'a.wav, byte 44'],
    ['UT_AUDIO_HEADER', 'no fmt', riff([dataChunk(S16)]), 'No "fmt" chunk'],
    ['UT_AUDIO_HEADER', 'no data', riff([fmtChunk()]), 'No "data" chunk'],
    [
      'UT_AUDIO_HEADER',
      'a short fmt',
      riff([bytesOf('fmt ', u32le(4), u32le(1)), dataChunk(S16)]),
      'byte 16',
    ],
    [
      'UT_AUDIO_HEADER',
      'bits that do not fit',
      riff([fmtChunk({ frameBytes: 5 }), dataChunk(S16)]),
      'byte 32',
    ],
    ['UT_AUDIO_HEADER', 'a short extension', riff([fmtChunk({ format: 0xfffe }), dataChunk(S16)]), 'not 40'],
    ['UT_AUDIO_CODEC', 'IMA ADPCM', riff([fmtChunk({ format: 17, bits: 4 }), dataChunk(S16)]), '17 (0x0011)'],
    ['UT_AUDIO_RATE', '0 Hz', riff([fmtChunk({ rateHz: 0 }), dataChunk(S16)]), '0 Hz'],
    ['UT_AUDIO_RATE', '4 GHz', riff([fmtChunk({ rateHz: 4e9 }), dataChunk(S16)]), '4000000000 Hz'],
    ['UT_AUDIO_CHANNELS', '0 channels', riff([fmtChunk({ channels: 0 }), dataChunk(S16)]), '0 channels'],
    ['UT_AUDIO_CHANNELS', '3 channels', riff([fmtChunk({ channels: 3 }), dataChunk(S16)]), '3 channels'],
  ];

  it.each(cases)('%s: %s', async (code, _what, bytes, detail) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code });
    await expect(decode(bytes)).rejects.toThrow(detail);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1e30])('a float of %d, with its place', async (value) => {
    const file = riff([fmtChunk({ format: 3, bits: 32 }), dataChunk(floatBytes(32, 0, value))]);
    await expect(decode(file)).rejects.toMatchObject({
      code: 'UT_AUDIO_NOT_FINITE',
      place: 'a.wav, byte 48',
    });
  });

  it('a file that ends early is read as far as it goes where that is allowed', async () => {
    const file = riff([fmtChunk(), dataChunk(S16, 999)]);
    const clip = await decode(file, { tolerateTruncation: true });
    expect([...clip.channels[0]!]).toEqual(S16_SAMPLES);
  });
});

describe('limits', () => {
  const file = riff([fmtChunk(), dataChunk(new Uint8Array(16000))]);
  it.each([
    ['UT_AUDIO_TOO_LARGE', { maxBytes: 16043 }],
    ['UT_AUDIO_TOO_LARGE', { maxDecodedBytes: 31999 }],
    ['UT_AUDIO_TOO_LONG', { maxSeconds: 0.99 }],
    ['UT_AUDIO_CHANNELS', { maxChannels: 0 }],
  ])('%s beyond %o', async (code, options) => {
    await expect(decode(file, options)).rejects.toMatchObject({ code });
  });

  it('are met exactly', async () => {
    const options = { maxBytes: 16044, maxDecodedBytes: 32000, maxSeconds: 1, maxChannels: 1 };
    expect((await decode(file, options)).channels[0]!.length).toBe(8000);
  });

  it('more channels are read where they are allowed', async () => {
    const three = riff([fmtChunk({ channels: 3 }), dataChunk(S16)]);
    expect((await decode(three, { maxChannels: 3 })).channels.map((c) => c[0])).toEqual(S16_SAMPLES);
  });
});

describe('encodeWav', () => {
  const clip = { sampleRateHz: 16000, channels: [Float32Array.of(0.5, -1, 7), Float32Array.of(0, 0.25, -7)] };

  it('s16le comes back, clipped', async () => {
    const back = await decode(encodeWav(clip, 's16le'));
    expect(back.sampleRateHz).toBe(16000);
    expect(back.channels).toEqual([Float32Array.of(0.5, -1, 32767 / 32768), Float32Array.of(0, 0.25, -1)]);
  });

  it('f32le comes back as it was', async () => {
    expect(await decode(encodeWav(clip, 'f32le'))).toEqual(clip);
  });

  it.each(['mulaw', 'alaw'] as const)('%s comes back within its steps', async (law) => {
    const back = await decode(encodeWav(clip, law));
    expect(back.channels[0]![0]!).toBeCloseTo(0.5, 1);
    expect(back.channels[1]![2]!).toBeLessThan(-0.98);
  });
});
