import { counter, gauge } from './definition.js';
import { LABEL } from './labels.js';

/** The process as a whole. */
export const PROCESS_METRICS = {
  partReady: gauge('part_ready', 'Whether a part is ready for work now: 1 or 0, as `/health/ready` says.', {
    labels: { part: LABEL.part },
    look: '0, or no worker at all',
  }),
  errors: counter('errors_total', 'Log events that carried an error, by its code.', {
    labels: { code: LABEL.anyError },
    look: 'it grows: docs/errors.md says what to do about each code',
  }),
  mainLoopBusySeconds: counter(
    'main_loop_busy_seconds_total',
    'Time for which the main loop was at work: everything but the model. Its rate is a share of one core.',
    { look: 'rate over 0.7: fewer calls on this process' },
  ),
  eventLoopDelay: gauge('event_loop_delay_seconds', 'Delay of the main loop since the last scrape.', {
    labels: { quantile: LABEL.quantile },
    look: '`quantile="0.99"` over 0.05',
  }),
  clockOffset: gauge(
    'clock_offset_seconds',
    'By how much the clock of the machine is ahead of that of the process, which goes by the time that it began with.',
    { look: 'over 1 or under −1: somebody set the clock, or the machine slept' },
  ),
  logLinesLost: counter('log_lines_lost_total', 'Lines of the log that could not be written.', {
    look: 'it grows: the disk under the log is full, or nobody reads it',
  }),
  build: gauge('build_info', 'Always 1; the labels say what runs.', {
    labels: { version: LABEL.version, model: LABEL.model },
  }),
} as const;
