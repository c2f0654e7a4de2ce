import type { Config } from '../config/index.js';
import type { SenderOptions } from '../replay/index.js';
import type { Limits } from './verdict.js';

/** What is played, against what, and what is asked of it. */
export interface LoadOptions extends Omit<SenderOptions, 'speed' | 'live' | 'clock'> {
  /** Calls at the same time. */
  readonly calls: number;
  /** Calls begin spread evenly over so long; delays count from its end. */
  readonly rampMs: number;
  /** How long all calls are played. */
  readonly durationMs: number;
  /** How long after its end a call may still miss windows. */
  readonly graceMs: number;
  readonly results: ResultsOptions;
  /** Metrics pages of the processes of the installation; those that do not answer are left out. */
  readonly metrics: readonly string[];
  readonly limits: Limits;
  /** Ends the run early, in good order. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** Where results are seen: the event stream of a console, or the emotions topic of a cluster. */
export type ResultsOptions =
  | { readonly kind: 'console'; readonly origin: string; readonly token?: string | undefined }
  | { readonly kind: 'kafka'; readonly config: Config };

export interface LoadProgress {
  readonly phase: 'ramp' | 'steady' | 'settling';
  readonly calls: number;
  readonly elapsedMs: number;
  readonly points: number;
}
