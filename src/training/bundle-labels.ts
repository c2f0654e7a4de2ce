import type { NewBundle } from '../inference/index.js';

/** The labels of a bundle, and its outputs where several count as one label. @param outputs label of each output */
export function bundleLabels(outputs: readonly string[]): Pick<NewBundle, 'labels' | 'outputs'> {
  const labels = [...new Set(outputs)];
  return labels.length === outputs.length ? { labels } : { labels, outputs };
}
