import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Point } from '../../timeline/index.js';
import { useColourScheme } from './hooks.js';
import { hopOf } from './ribbon.js';
import { LABELS, labelWord } from './words.js';

/** Height of one emotion's row, CSS pixels; the labels beside it are as high in the style sheet. */
const ROW = 15;

export interface HeatStripProps {
  readonly points: readonly Point[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** How likely each emotion was over time: one row an emotion, the stronger the colour the likelier. */
export function HeatStrip(props: HeatStripProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const scheme = useColourScheme();
  const newest = props.points.at(-1)?.windowIndex;
  useEffect(() => draw(canvas.current!, latest.current), [newest, props.fromMs, props.toMs, scheme]);
  useEffect(() => {
    const fit = new ResizeObserver(() => draw(canvas.current!, latest.current));
    fit.observe(canvas.current!);
    return () => fit.disconnect();
  }, []);
  return (
    <div class="lane lane-heat">
      <ul class="plain heat-labels" aria-hidden="true">
        {LABELS.map((label) => (
          <li key={label}>{labelWord(label)}</li>
        ))}
      </ul>
      <canvas ref={canvas} class="heat" data-testid="heat" />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, { points, fromMs, toMs }: HeatStripProps): void {
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(LABELS.length * ROW * scale);
  const context = canvas.getContext('2d')!;
  const styles = getComputedStyle(canvas);
  const hopMs = hopOf(points);
  const x = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * canvas.width;
  for (const [row, label] of LABELS.entries()) {
    context.fillStyle = styles.getPropertyValue(`--${label}`).trim();
    for (const point of points) {
      if (point.endMs <= fromMs) continue;
      context.globalAlpha = point.probabilities?.[label] ?? 0;
      const startMs = point.windowIndex === 0 ? point.startMs : point.endMs - hopMs;
      const left = Math.max(0, Math.round(x(startMs)));
      const width = Math.round(x(point.endMs)) - left;
      context.fillRect(left, Math.round((row * ROW + 1) * scale), width, Math.round((ROW - 2) * scale));
    }
  }
}
