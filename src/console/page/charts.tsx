import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Point } from '../../timeline/index.js';
import { Chart } from './chart.js';
import { signed } from './format.js';

export interface TrackChartProps {
  readonly points: readonly Point[];
  readonly fromMs: number;
  readonly toMs: number;
}

const AFFECT_LINES = [
  { label: 'Valence', colour: '--valence' },
  { label: 'Arousal', colour: '--arousal', dash: [5, 4] },
];

/** Valence and arousal, −1…1; broken where nothing was classified. */
export function AffectChart({ points, fromMs, toMs }: TrackChartProps): JSX.Element {
  const data = useColumns(points, fromMs, toMs, (point) => [point.valence, point.arousal]);
  return (
    <div class="lane lane-chart">
      <p class="lane-key">
        <span class="key key-valence">valence</span> <span class="key key-arousal">arousal</span>
      </p>
      <Chart
        testId="chart-affect"
        data={data}
        lines={AFFECT_LINES}
        fromMs={fromMs}
        toMs={toMs}
        yRange={[-1, 1]}
        yTicks={[-1, 0, 1]}
        yWord={(value) => (value === 0 ? '0' : signed(value).replace('.00', ''))}
        height={132}
        withTime={false}
      />
    </div>
  );
}

const LOUDNESS_LINES = [{ label: 'Loudness', colour: '--loudness', isFilled: true }];

/** Level of the leg in dB relative to full scale. */
export function LoudnessChart({ points, fromMs, toMs }: TrackChartProps): JSX.Element {
  const data = useColumns(points, fromMs, toMs, (point) => [point.loudnessDbfs]);
  return (
    <div class="lane lane-chart">
      <p class="lane-key">
        <span class="key key-loudness">loudness</span>
      </p>
      <Chart
        testId="chart-loudness"
        data={data}
        lines={LOUDNESS_LINES}
        fromMs={fromMs}
        toMs={toMs}
        yRange={[-70, 0]}
        yTicks={[-60, -30, 0]}
        yWord={(value) => `${value === 0 ? '0' : `−${-value}`} dB`}
        height={98}
        withTime
      />
    </div>
  );
}

function useColumns(
  points: readonly Point[],
  fromMs: number,
  toMs: number,
  values: (point: Point) => (number | null)[],
): uPlot.AlignedData {
  const newest = points.at(-1)?.windowIndex;
  return useMemo(() => {
    const shown = points.filter((point) => point.endMs >= fromMs - 1000 && point.endMs <= toMs);
    return columnsOf(shown, values);
  }, [points, points.length, newest, fromMs, toMs]);
}

/** One row of time and one of each value; a row of nulls stands where windows are missing, to break the lines. */
function columnsOf(points: readonly Point[], values: (point: Point) => (number | null)[]): uPlot.AlignedData {
  const rows: (number | null)[][] = [];
  for (const [i, point] of points.entries()) {
    const row = values(point);
    const previous = points[i - 1];
    const isBroken = previous !== undefined && point.windowIndex > previous.windowIndex + 1;
    if (isBroken) rows.push([previous.endMs / 1000 + 0.01, ...row.map(() => null)]);
    rows.push([point.endMs / 1000, ...row]);
  }
  const width = rows[0]?.length ?? values.length + 1;
  return Array.from({ length: width }, (_, column) =>
    rows.map((row) => row[column] ?? null),
  ) as uPlot.AlignedData;
}
