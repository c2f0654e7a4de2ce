import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeWav } from '../../src/audio/index.js';
import { pointSchema } from '../../src/timeline/index.js';
import { writeTestBundle } from '../support/bundle.js';
import { CORPORA, describeWith } from '../support/requirements.js';
import { runCli } from './run-cli.js';

let folder = '';
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'undertone-cli-'));
  await writeTestBundle(inFolder('bundle'));
  writeFileSync(inFolder('undertone.yaml'), 'model: {bundle: bundle, threads: 1}\nhttp: {port: 0}\n');
  writeFileSync(inFolder('voice.wav'), encodeWav(hum(4), 's16le'));
  writeFileSync(inFolder('text.wav'), 'this is no audio');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Seconds of a hum with a tremble, which the voice-activity gate takes for a voice. */
function hum(seconds: number) {
  const samples = Float32Array.from({ length: 16_000 * seconds }, (_, i) => {
    const tremble = 0.5 + 0.5 * Math.sin((2 * Math.PI * 3 * i) / 16_000);
    return 0.3 * tremble * Math.sin((2 * Math.PI * 180 * i) / 16_000);
  });
  return { sampleRateHz: 16_000, channels: [samples] };
}

describe('undertone classify', () => {
  test('prints a table, and with --plot draws a picture', async () => {
    const { code, out, err } = await runCli(['classify', 'voice.wav', '--plot', 'voice.png'], folder);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('voice.wav: 4.0 s, 16000 Hz, mono');
    expect(out).toMatch(/0:00\.0 – 0:0\d\.\d/);
    const image = await loadImage(readFileSync(inFolder('voice.png')));
    expect([image.width, image.height]).toEqual([2200, expect.any(Number)]);
  });

  test('--json prints points as they stand on the emotions topic, and nothing else', async () => {
    const { code, out } = await runCli(['classify', '--json', 'voice.wav'], folder);
    expect(code).toBe(0);
    const points = out
      .trim()
      .split('\n')
      .map((line) => pointSchema.strict().parse(JSON.parse(line)));
    expect(points.map((point) => point.windowIndex)).toEqual([0, 1, 2, 3]);
    expect(new Set(points.map((point) => point.callId))).toEqual(new Set(['voice.wav']));
  });

  test('a bad file is reported, the others are classified, and the end is 1', async () => {
    const { code, out, err } = await runCli(['classify', 'text.wav', 'missing.wav', 'voice.wav'], folder);
    expect(code).toBe(1);
    expect(out).toContain('voice.wav');
    expect(err).toContain('UT_AUDIO_UNKNOWN_FORMAT');
    expect(err).toContain('UT_AUDIO_UNREADABLE');
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('a bundle that is none is named with its code', async () => {
    const { code, err } = await runCli(['classify', 'voice.wav', '--set', 'model.bundle=.'], folder);
    expect(code).toBe(1);
    expect(err).toContain('UT_INFERENCE_BUNDLE_MISSING_FILE');
  });
});

describeWith(['corpora'], 'undertone classify on recordings as they come', () => {
  test('reads AIFF-C under a .wav name, 96 kHz and stereo', async () => {
    const names = ['YAF_germ_angry.wav', 'OAF_food_fear.wav', '03-01-03-01-02-01-20.wav'];
    const { code, out, err } = await runCli(
      ['classify', ...names.map((name) => join(CORPORA, 'originals', name))],
      folder,
    );
    expect(code, err).toBe(0);
    for (const name of names) expect(out).toContain(name);
    expect(err).toContain("the agent's channel is left out");
  });
});

describe('undertone doctor', () => {
  test('--json tells of every part; nothing that is needed is broken', async () => {
    const { code, out } = await runCli(['doctor', '--json'], folder);
    const results = JSON.parse(out) as { name: string; status: string; required: boolean; remedy?: string }[];
    const needed = results.filter((result) => result.required);
    expect(needed.map((result) => result.name)).toEqual([
      'Node',
      'Platform',
      'Build',
      'Configuration',
      'Model',
      'Engine',
      'Port',
      'Open files',
      'Memory',
      'Disk',
    ]);
    const broken = needed.filter(({ status }) => status !== 'ok' && status !== 'warning');
    expect(broken.filter(({ name }) => name !== 'Build')).toEqual([]);
    expect(code).toBe(broken.length === 0 ? 0 : 1);
    for (const result of results) if (result.status !== 'ok') expect(result.remedy).toMatch(/\w/);
  });

  test('a broken model fails it, with what to do', async () => {
    const { code, out } = await runCli(['doctor', '--set', 'model.bundle=nowhere'], folder);
    expect(code).toBe(1);
    expect(out).toContain('✗ Model');
    expect(out).toContain('UT_INFERENCE_BUNDLE_MISSING_FILE');
  });
});

describe('undertone --print-config', () => {
  test('reads undertone.yaml of the working directory', async () => {
    const { code, out } = await runCli(['--print-config'], folder);
    expect(code).toBe(0);
    expect(out).toMatch(/bundle: bundle +# undertone\.yaml:1/);
  });
});

describe('undertone train', () => {
  test('refuses an unknown protocol by name', async () => {
    const { code, err } = await runCli(['train', 'data', '--protocol', 'relase'], folder);
    expect(code).toBe(1);
    expect(err).toContain('UT_TRAINING_BAD_OPTIONS');
    expect(err).toContain('release');
  });
});
