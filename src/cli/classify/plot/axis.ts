import { type Box, line, type Pen, write } from './canvas.js';
import { FAINT_INK, GRID } from './palette.js';

/** Steps that people read without counting, seconds. */
const STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const UNITS_PER_TICK = 70;

/** Media time to the right. */
export interface TimeAxis {
  readonly durationMs: number;
  x(ms: number): number;
  readonly ticksMs: readonly number[];
}

export function timeAxis(durationMs: number, box: Pick<Box, 'x' | 'width'>): TimeAxis {
  const most = box.width / UNITS_PER_TICK;
  const stepMs = 1000 * (STEPS_S.find((step) => durationMs / 1000 / step <= most) ?? 3600);
  const count = Math.floor(durationMs / stepMs + 1e-9) + 1;
  return {
    durationMs,
    x: (ms) => box.x + (Math.min(durationMs, Math.max(0, ms)) / durationMs) * box.width,
    ticksMs: Array.from({ length: count }, (_, i) => i * stepMs),
  };
}

/** Upright lines at the ticks, behind a panel's curves. */
export function drawGrid(pen: Pen, axis: TimeAxis, box: Box): void {
  for (const ms of axis.ticksMs) line(pen, [axis.x(ms), box.y], [axis.x(ms), box.y + box.height], GRID);
}

export function drawTicks(pen: Pen, axis: TimeAxis, y: number): void {
  for (const ms of axis.ticksMs) {
    line(pen, [axis.x(ms), y], [axis.x(ms), y + 4], FAINT_INK);
    write(pen, tickText(ms, axis.durationMs), axis.x(ms), y + 16, {
      size: 10,
      colour: FAINT_INK,
      align: 'center',
    });
  }
}

function tickText(ms: number, durationMs: number): string {
  if (durationMs < 60_000) return `${Number((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
