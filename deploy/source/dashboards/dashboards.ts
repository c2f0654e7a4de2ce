import { capacity } from './capacity.js';
import { liveEmotions } from './live-emotions.js';
import { pipeline } from './pipeline.js';

/** Every dashboard as Grafana loads it, by its file. */
export const DASHBOARDS = {
  'live-emotions.json': liveEmotions.build(),
  'pipeline.json': pipeline.build(),
  'capacity.json': capacity.build(),
} as const;
