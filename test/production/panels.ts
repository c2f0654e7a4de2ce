import { DASHBOARDS } from '../../deploy/source/dashboards/dashboards.js';
import { asAsked, panelsOf } from '../support/dashboards.js';
import type { PromCurve, PrometheusServer } from '../support/prometheus-server.js';
import type { Taken } from './steps.js';

/** What a panel of the dashboard *Pipeline* showed of a step: of its curves, the one that moved furthest. */
export interface PanelReading {
  readonly step: string;
  readonly panel: string;
  /** As Grafana calls it: `s`, `short`, `cps`… */
  readonly unit: string;
  /** When the step began; null = the curve was not there yet. */
  readonly before: number | null;
  /** Furthest from `before`. */
  readonly furthest: number;
}

/** After the end of a step panels still show it. */
const AFTERWARDS_MS = 15_000;

/** Readings of every panel that moved, step by step. */
export async function readPanels(
  prometheus: PrometheusServer,
  taken: readonly Taken[],
): Promise<readonly PanelReading[]> {
  const readings: PanelReading[] = [];
  for (const [n, { step, fromAt, toAt }] of taken.entries()) {
    const until = Math.min(toAt + AFTERWARDS_MS, taken[n + 1]?.fromAt ?? Number.POSITIVE_INFINITY);
    for (const { title, unit, expressions } of panelsOf(DASHBOARDS['pipeline.json'])) {
      const asked = expressions.map((expr) => prometheus.curves(asAsked(expr), fromAt, until));
      const moved = furthestOf((await Promise.all(asked)).flat(), fromAt);
      if (moved !== null) readings.push({ step, panel: title, unit, ...moved });
    }
  }
  return readings;
}

/** A curve that begins later stood at nothing before. @returns null where none moved */
export function furthestOf(
  curves: readonly PromCurve[],
  fromMs: number,
): Pick<PanelReading, 'before' | 'furthest'> | null {
  const moves = curves.flatMap(({ points: all }) => {
    const points = all.filter(({ value }) => Number.isFinite(value));
    const before = points[0] !== undefined && points[0].atMs - fromMs < 1000 ? points[0].value : null;
    return points.map(({ value }) => ({ before, furthest: value, by: Math.abs(value - (before ?? 0)) }));
  });
  const [first, ...others] = moves;
  if (first === undefined) return null;
  const { by, ...reading } = others.reduce((most, move) => (move.by > most.by ? move : most), first);
  return by > 0 ? reading : null;
}
