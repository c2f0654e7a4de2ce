import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clockOf } from './format.js';
import { useColourScheme } from './hooks.js';

/** Width of the labels left of every lane of the timeline, CSS pixels; `--gutter` in the style sheet is the same. */
const GUTTER = 76;

export interface ChartLine {
  readonly label: string;
  /** Custom property that holds the colour. */
  readonly colour: string;
  readonly dash?: number[];
  /** Fills down to the bottom of the chart. */
  readonly isFilled?: boolean;
}

export interface ChartProps {
  readonly testId: string;
  /** Media time in seconds, then one array for each line; null breaks the line. */
  readonly data: uPlot.AlignedData;
  readonly lines: readonly ChartLine[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly yRange: readonly [number, number];
  readonly yTicks: readonly number[];
  readonly yWord: (value: number) => string;
  readonly height: number;
  readonly withTime: boolean;
}

/** A uPlot chart that shares its time axis with the lanes around it. */
export function Chart(props: ChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const latest = useRef(props);
  latest.current = props;
  const scheme = useColourScheme();
  useEffect(() => {
    const element = box.current!;
    plot.current = new uPlot(optionsOf(latest, element), latest.current.data, element);
    const fit = new ResizeObserver(() => plot.current?.setSize(sizeOf(latest, element)));
    fit.observe(element);
    return () => {
      fit.disconnect();
      plot.current?.destroy();
    };
  }, [scheme]);
  useEffect(() => plot.current?.setData(props.data), [props.data, props.fromMs, props.toMs]);
  return <div ref={box} class="chart" style={{ height: `${props.height}px` }} data-testid={props.testId} />;
}

interface Latest {
  readonly current: ChartProps;
}

function sizeOf(latest: Latest, element: HTMLElement): { width: number; height: number } {
  return { width: element.clientWidth, height: latest.current.height };
}

function optionsOf(latest: Latest, element: HTMLElement): uPlot.Options {
  const { lines, yRange, withTime } = latest.current;
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const grid = { stroke: colour('--line'), width: 1 };
  const text = { stroke: colour('--muted'), font: '11px system-ui, sans-serif' };
  return {
    ...sizeOf(latest, element),
    padding: [6, 0, withTime ? 0 : 6, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: () => [latest.current.fromMs / 1000, latest.current.toMs / 1000] },
      y: { range: [...yRange] as [number, number] },
    },
    axes: [
      {
        show: withTime,
        ...text,
        size: 24,
        gap: 4,
        grid: { show: false },
        ticks: { show: false },
        space: 70,
        incrs: [5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600],
        values: (plot, seconds) => seconds.map((s) => (fits(plot, s) ? clockOf(s * 1000) : '')),
      },
      {
        ...text,
        size: GUTTER,
        gap: 8,
        grid,
        ticks: { show: false },
        splits: () => [...latest.current.yTicks],
        values: (_plot, values) => values.map((value) => latest.current.yWord(value)),
      },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, colour))],
  };
}

/** Whether a label centred at this second ends before the right edge. */
function fits(plot: uPlot, seconds: number): boolean {
  return plot.valToPos(seconds, 'x') < plot.width - GUTTER - 18;
}

function seriesOf(line: ChartLine, colour: (name: string) => string): uPlot.Series {
  const stroke = colour(line.colour);
  return {
    label: line.label,
    stroke,
    width: line.isFilled ? 1 : 2,
    points: { show: false },
    ...(line.dash && { dash: line.dash }),
    ...(line.isFilled && { fill: colour(`${line.colour}-fill`), fillTo: -200 }),
  };
}
