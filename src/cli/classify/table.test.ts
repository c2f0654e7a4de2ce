import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, test } from 'vitest';
import { DEFAULT_FRONT_END } from '../../features/index.js';
import type { Hole, Point } from '../../timeline/index.js';
import type { Entry } from './entry.js';
import { picturePath } from './picture-path.js';
import { COLOURS } from './plot/palette.js';
import { plotTimeline } from './plot/plot.js';
import { stretchesOf } from './stretches.js';
import { clock, renderTable } from './table.js';

const origin = {
  callId: 'a.wav',
  tenant: 'default',
  leg: 'customer',
  emittedAt: '2026-01-01T00:00:00Z',
} as const;
const at = (index: number) => ({ startMs: index * 512, endMs: index * 512 + 2048 });

function point(windowIndex: number, label: Point['label'], confidence = 0.7): Point {
  const heard = label === null ? null : confidence;
  return {
    ...origin,
    ...at(windowIndex),
    windowIndex,
    status: label === null ? 'silent' : 'classified',
    label,
    confidence: heard,
    probabilities: label === null ? null : {},
    valence: label === null ? null : -0.5,
    arousal: label === null ? null : 0.25,
    loudnessDbfs: -30,
    voicedShare: 0.6,
    model: 'test@0',
    notice: 'unknown',
  };
}

function hole(from: number, to: number): Hole {
  const span = { startMs: at(from).startMs, endMs: at(to).endMs };
  return { ...origin, ...span, fromWindowIndex: from, toWindowIndex: to, reason: 'gap' };
}

const ENTRIES: readonly Entry[] = [
  point(0, 'neutral'),
  point(1, 'neutral'),
  point(2, 'angry', 0.8),
  point(3, 'angry', 0.9),
  point(4, null),
  hole(5, 8),
];

test('consecutive windows of one label become a stretch; each adds the time since the one before', () => {
  const stretches = stretchesOf(ENTRIES, 'customer').map(({ kind, startMs, endMs }) => [
    kind,
    startMs,
    endMs,
  ]);
  expect(stretches).toEqual([
    ['neutral', 0, 2560],
    ['angry', 2560, 3584],
    ['silent', 3584, 4096],
    ['gap', 4096, 6144],
  ]);
});

test('the table reads like a timeline and says what prevailed', () => {
  const lines = renderTable('a.wav', ENTRIES, { colours: false }).split('\n');
  expect(lines[3]).toBe('    0:00.0 – 0:02.6       neutral     70 %    −0.50    +0.25   60 %');
  expect(lines[4]).toBe('    0:02.6 – 0:03.6       angry       85 %    −0.50    +0.25   60 %');
  expect(lines[5]).toContain('no speech      ·        ·        ·   60 %');
  expect(lines[6]).toContain('audio lost');
  expect(lines.at(-2)).toBe('  Mostly neutral: 71 % of 3.6 s classified.');
});

test('nothing heard is said so', () => {
  expect(renderTable('a.wav', [], { colours: false })).toContain('too short');
  expect(renderTable('a.wav', [point(0, null)], { colours: false })).toContain('No window held enough voice');
});

test('colours are for terminals alone', () => {
  expect(renderTable('a.wav', ENTRIES, { colours: true })).not.toBe(
    renderTable('a.wav', ENTRIES, { colours: false }),
  );
});

test('media time is minutes, seconds and tenths', () => {
  expect([0, 59_949, 59_951, 3_600_000].map(clock)).toEqual(['0:00.0', '0:59.9', '1:00.0', '60:00.0']);
});

test('with several recordings each gets a picture of its own', () => {
  expect(picturePath('out.png', 'dir/a.wav', false)).toBe('out.png');
  expect(picturePath('out.png', 'dir/a.wav', true)).toBe('out.a.png');
});

test('the picture shows the tone where it sounds, and the ribbon in the colours of the labels', async () => {
  const samples = Float32Array.from({ length: 8000 * 6 }, (_, i) =>
    i < 24_000 ? 0.5 * Math.sin((2 * Math.PI * 1000 * i) / 8000) : 0,
  );
  const legs = [{ leg: 'customer', samples, entries: ENTRIES }] as const;
  const png = plotTimeline({ title: 'a.wav', sampleRateHz: 8000, frontEnd: DEFAULT_FRONT_END, legs });
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  const pixels = canvas.getContext('2d').getImageData(0, 0, image.width, image.height);
  const colours = coloursIn(pixels.data);
  for (const kind of ['neutral', 'angry', 'silent'] as const)
    expect(colours.get(COLOURS[kind]), kind).toBeGreaterThan(5000);
  expect(brightness(pixels, 0, 0.5)).toBeGreaterThan(2 * brightness(pixels, 0.5, 1));
});

function coloursIn(data: Uint8ClampedArray): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < data.length; i += 4) {
    const colour = `#${[0, 1, 2].map((k) => data[i + k]!.toString(16).padStart(2, '0')).join('')}`;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

/** Mean red of the spectrogram between two shares of its width. */
function brightness(image: { data: Uint8ClampedArray; width: number }, from: number, to: number): number {
  const [left, right, top, bottom] = [132, 2152, 170, 580];
  let sum = 0;
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left + Math.ceil((right - left) * from); x < left + (right - left) * to; x++, count++) {
      sum += image.data[(y * image.width + x) * 4]!;
    }
  }
  return sum / count;
}
