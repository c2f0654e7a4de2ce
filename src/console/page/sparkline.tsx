import type { JSX } from 'preact';
import type { Point } from '../../timeline/index.js';

/** Width of the drawing in its own units; one hop is far less than one of them. */
const WIDTH = 1000;

/** Valence over time, −1 at the bottom, 1 at the top; broken where nothing was classified. */
export function Sparkline(props: {
  readonly points: readonly Point[];
  readonly fromMs: number;
  readonly toMs: number;
}): JSX.Element {
  const { points, fromMs, toMs } = props;
  const path = pathOf(points, fromMs, toMs);
  return (
    <svg class="sparkline" viewBox={`0 -1 ${WIDTH} 2`} preserveAspectRatio="none" aria-hidden="true">
      <line x1="0" x2={WIDTH} y1="0" y2="0" class="sparkline-zero" />
      <path d={path} class="sparkline-line" />
    </svg>
  );
}

function pathOf(points: readonly Point[], fromMs: number, toMs: number): string {
  let isDrawing = false;
  const parts: string[] = [];
  for (const point of points) {
    if (point.endMs < fromMs) continue;
    const x = ((point.endMs - fromMs) / (toMs - fromMs)) * WIDTH;
    if (point.valence !== null) parts.push(`${isDrawing ? 'L' : 'M'}${x.toFixed(1)} ${-point.valence}`);
    isDrawing = point.valence !== null;
  }
  return parts.join('');
}
