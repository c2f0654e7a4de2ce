import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Scene, ScriptedCall } from '../../../test/browser/support/scripted-call.js';
import type { Hole, Point } from '../../timeline/index.js';
import { hopOf, type Piece, piecesOf } from './ribbon.js';

function piecesOfScenes(scenes: readonly Scene[], from = 0): Piece[] {
  const call = new ScriptedCall({ callId: 'a', startedAtMs: 0, scenes });
  const events = Array.from({ length: call.windows - from }, (_, i) => call.event(i + from));
  const points = events.filter((event): event is Point => event !== undefined && 'windowIndex' in event);
  const holes = events.filter((event): event is Hole => event !== undefined && 'reason' in event);
  return piecesOf(points, holes);
}

const short = (pieces: readonly Piece[]) => pieces.map((p) => [p.label ?? p.kind, p.startMs, p.endMs]);

test('the first piece begins with the call, each next one where the one before ends', () => {
  const pieces = piecesOfScenes([
    { windows: 2, mood: 'angry' },
    { windows: 1, mood: 'silent' },
    { windows: 2, mood: 'uncertain' },
  ]);
  expect(short(pieces)).toEqual([
    ['angry', 0, 2560],
    ['silent', 2560, 3072],
    ['uncertain', 3072, 4096],
  ]);
});

test('a hole lasts until the first window that is free of it', () => {
  const pieces = piecesOfScenes([
    { windows: 2, mood: 'sad' },
    { windows: 4, mood: 'gap' },
    { windows: 1, mood: 'sad' },
  ]);
  expect(short(pieces)).toEqual([
    ['sad', 0, 2560],
    ['gap', 2560, 4608],
    ['sad', 4608, 5120],
  ]);
});

test('a timeline whose beginning is no longer held begins with its first window', () => {
  expect(short(piecesOfScenes([{ windows: 12, mood: 'happy' }], 10))).toEqual([
    ['happy', 2048 + 9 * 512, 2048 + 11 * 512],
  ]);
});

test('windows that never came leave a blank', () => {
  const call = new ScriptedCall({ callId: 'a', startedAtMs: 0, scenes: [{ windows: 9, mood: 'fear' }] });
  const points = [0, 1, 6, 7].map((i) => call.event(i) as Point);
  expect(short(piecesOf(points, []))).toEqual([
    ['fear', 0, 2560],
    ['fear', 4608, 5632],
  ]);
});

test('pieces never overlap, are never empty and differ from their neighbours', () => {
  const mood = fc.constantFrom(
    'angry',
    'sad',
    'uncertain',
    'silent',
    'gap',
    'pause',
    'overload',
    'error',
  ) as fc.Arbitrary<Scene['mood']>;
  const scene = fc.record({ windows: fc.integer({ min: 1, max: 6 }), mood });
  fc.assert(
    fc.property(fc.array(scene, { minLength: 1, maxLength: 12 }), (scenes) => {
      const pieces = piecesOfScenes(scenes);
      for (const [i, piece] of pieces.entries()) {
        expect(piece.endMs).toBeGreaterThan(piece.startMs);
        const next = pieces[i + 1];
        if (next === undefined) continue;
        expect(next.startMs).toBe(piece.endMs);
        expect([next.kind, next.label]).not.toEqual([piece.kind, piece.label]);
      }
    }),
  );
});

test('the hop is read from the points', () => {
  const call = new ScriptedCall({ callId: 'a', startedAtMs: 0, scenes: [{ windows: 9, mood: 'fear' }] });
  const points = [0, 4, 8].map((i) => ({ ...(call.event(i) as Point), endMs: 1000 + i * 250 }));
  expect(hopOf(points)).toBe(250);
});
