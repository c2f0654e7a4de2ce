import { counter, gauge, optionalGauge } from './definition.js';
import { LABEL } from './labels.js';

/** The page for supervisors and its API. */
export const CONSOLE_METRICS = {
  consoleSourceUp: optionalGauge(
    'console_source_up',
    'Whether the console hears of calls through Redis now: 1 or 0; absent where it reads the bus.',
    '0',
  ),
  consoleStreams: gauge('console_streams', 'Browsers connected to the console now.'),
  consoleStreamEnds: counter('console_stream_ends_total', 'Browser connections that ended, by why.', {
    labels: { reason: LABEL.streamEnd },
  }),
  consoleRejections: counter(
    'console_rejections_total',
    'Requests to the console that were refused, by error code.',
    { labels: { code: LABEL.consoleError } },
  ),
} as const;
