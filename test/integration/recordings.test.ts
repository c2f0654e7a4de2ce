import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mixDownClip, readAudioFile, resampleClip, VoiceActivity } from '../../src/audio/index.js';
import { CORPORA, hasCorpora, recording } from '../support/corpora.js';

/** Every `step`-th recording of a folder and those below it, in the order of their names. */
function everyOf(step: number, ...folder: readonly string[]): string[] {
  const entries = readdirSync(join(CORPORA, ...folder), { recursive: true, encoding: 'utf8' }).sort();
  const files = entries.filter((name) => /\.(flac|wav)$/.test(name));
  return files.filter((_, i) => i % step === 0).map((name) => recording(...folder, name));
}

async function telephoneBand(path: string): Promise<Float32Array> {
  const clip = await readAudioFile(path);
  return resampleClip(mixDownClip(clip.channels), clip.sampleRateHz, 8000);
}

function voicedShare(samples: Float32Array): number {
  const gate = new VoiceActivity(8000);
  let blocks = 0;
  let voiced = 0;
  gate.push(samples, (_block, isVoiced) => {
    blocks++;
    if (isVoiced) voiced++;
  });
  return voiced / blocks;
}

async function sharesOf(files: readonly string[]): Promise<number[]> {
  const shares: number[] = [];
  for (const file of files) shares.push(voicedShare(await telephoneBand(file)));
  return shares.sort((a, b) => a - b);
}

describe.skipIf(!hasCorpora())('recordings', () => {
  it.each([
    ['originals/03-01-01-01-01-01-01.wav', 48000, 1, 'odd chunk before the audio'],
    ['originals/03-01-03-01-02-01-20.wav', 48000, 2, 'stereo'],
    ['originals/OAF_back_angry.wav', 24414, 1, 'odd rate'],
    ['originals/OAF_food_fear.wav', 96000, 1, '96 kHz'],
    ['originals/YAF_germ_angry.wav', 24414, 1, 'AIFF named .wav'],
    ['originals/YAF_neat_fear.wav', 24414, 1, 'AIFF named .wav'],
    ['telephone/aws_pca_Auto0_mono.wav', 8000, 1, '8-bit'],
    ['telephone/genesys_audiohook_test-transcript-connector.wav', 8000, 2, 'µ-law'],
    ['telephone/google_commercial_mono.wav', 8000, 1, '16-bit'],
  ])('%s: %i Hz, %i channels (%s)', async (path, sampleRateHz, channels) => {
    const clip = await readAudioFile(recording(path));
    expect(clip.sampleRateHz).toBe(sampleRateHz);
    expect(clip.channels.length).toBe(channels);
    expect(clip.channels[0]!.length / clip.sampleRateHz).toBeGreaterThan(1);
    expect(Math.max(...clip.channels[0]!.subarray(0, 100_000).map(Math.abs))).toBeGreaterThan(0.005);
  });

  it('RAVDESS: quiet clips with silence around them are half speech', async () => {
    const shares = await sharesOf(everyOf(40, 'ravdess'));
    expect(shares[0]).toBeGreaterThan(0.25);
    expect(shares.at(-1)).toBeLessThan(0.9);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.35);
    expect(mean).toBeLessThan(0.65);
  });

  it.each(['tess', 'emodb'])('%s: clips without silence around them are speech', async (corpus) => {
    const shares = await sharesOf(everyOf(80, corpus));
    expect(shares[0]).toBeGreaterThan(0.6);
  });

  it.each([
    'rain-2',
    'washing-machine',
    'construction-site',
    'city-2',
    'crowd',
    'highway',
    'wind-2',
    'ceiling-fan',
  ])('steady noise is no speech: %s', async (name) => {
    expect(voicedShare(await telephoneBand(recording('noise', `${name}.flac`)))).toBeLessThan(0.2);
  });

  it('in a telephone call both parties speak some of the time', async () => {
    const call = await readAudioFile(recording('telephone/genesys_audiohook_test-transcript-connector.wav'));
    const [first, second] = call.channels.map(voicedShare);
    expect(first).toBeGreaterThan(0.3);
    expect(first).toBeLessThan(0.7);
    expect(second).toBeGreaterThan(0.1);
    expect(second).toBeLessThan(0.5);
  });
});
