import type { Interval } from './interval.js';
import type { CorpusResult, ItemsResult } from './result.js';

/** A share as people read it: 66.3 %, or a dash where there is none. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

/** An interval as people read it: 60.1–72.4 %. */
export function range({ low, high }: Pick<Interval, 'low' | 'high'>): string {
  return `${(low * 100).toFixed(1)}–${percent(high)}`;
}

/** Result of one corpus for a terminal. */
export function describeResult(result: CorpusResult): string {
  return [
    describeMetrics(`${result.corpus} by clip`, result.byClip),
    describeMetrics(`${result.corpus} by point`, result.byPoint),
    describeMetrics(`${result.corpus} by window`, result.byWindow),
  ].join('\n');
}

function describeMetrics(title: string, metrics: ItemsResult): string {
  const { accuracy, unweightedAccuracy, macroF1, items, interval, reliability } = metrics;
  const ua = `UA ${percent(unweightedAccuracy)} (95 %: ${range(interval)})`;
  const summary = `${title}: ${items} items, accuracy (WA) ${percent(accuracy)}, ${ua}, macro F1 ${percent(macroF1)}, ECE ${percent(reliability.ece)}`;
  return [summary, ...perClassTable(metrics), '', ...confusionTable(metrics), ''].join('\n');
}

function perClassTable({ perClass }: ItemsResult): string[] {
  const head = `  ${'class'.padEnd(10)}${'items'.padStart(7)}${'precision'.padStart(11)}${'recall'.padStart(10)}${'F1'.padStart(10)}`;
  const rows = perClass.map(
    ({ label, support, precision, recall, f1 }) =>
      `  ${label.padEnd(10)}${String(support).padStart(7)}${percent(precision).padStart(11)}${percent(recall).padStart(10)}${percent(f1).padStart(10)}`,
  );
  return [head, ...rows];
}

function confusionTable({ perClass, confusion }: ItemsResult): string[] {
  const labels = perClass.map(({ label }) => label);
  const head = `  ${'spoken \\ heard'.padEnd(16)}${labels.map((label) => label.slice(0, 8).padStart(9)).join('')}`;
  return [
    head,
    ...confusion.map(
      (row, i) => `  ${labels[i]!.padEnd(16)}${row.map((count) => String(count).padStart(9)).join('')}`,
    ),
  ];
}
