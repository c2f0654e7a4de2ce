import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../clock.js';
import { UndertoneError } from '../../errors.js';
import type { Bundle } from '../bundle.js';
import type { Classifier } from '../classifier.js';
import { elementsIn } from '../keras/layers.js';
import { countedAs } from './outputs.js';
import type { SessionModel, SessionSetup } from './session-messages.js';
import { type InferenceMetrics, SessionPool } from './session-pool.js';
import type { SessionThread, SessionThreadEvents } from './thread-line.js';
import { WindowSlots } from './window-slots.js';

const THREAD = new URL('./session-thread.js', import.meta.url);
const WARM_UP_RUNS = 2;

export interface ClassifierOptions {
  readonly bundle: Pick<Bundle, 'labels' | 'outputs' | 'network'>;
  /** Threads with a session each. Default: one less than the cores, at least one; the rest is the main thread's. */
  readonly threads?: number;
  /** Windows held for the threads; `classify` waits beyond that. Default 64. */
  readonly maxQueued?: number;
  /** Calls of `classify` that may wait; beyond that they are refused. Default 4096. */
  readonly maxWaiting?: number;
  /** Replacements that a thread gets in a row, without an answer between them, before it is given up. Default 5. */
  readonly maxRestartsInARow?: number;
  /** Wait before the second replacement in a row; each further one waits twice as long. Default 100. */
  readonly restartDelayMs?: number;
  /** Its threads have a lower priority than the rest of the process, where the system knows such. Default false. */
  readonly background?: boolean;
  readonly metrics?: InferenceMetrics;
  /** Starts a thread. Default: a worker thread; tests put a thread here that they can break. */
  readonly spawn?: (setup: SessionSetup, events: SessionThreadEvents) => SessionThread;
}

/** A classifier whose windows are run by threads. */
export interface PooledClassifier extends Classifier {
  /** Windows accepted or waiting, and not answered. */
  readonly queueDepth: number;
  /** Threads at work or being replaced; those given up are not among them. */
  readonly threads: number;
}

/**
 * Runs a bundle's network in a pool of worker threads, each with one session of an engine, one window at a time. The
 * main thread only copies windows. A thread that dies is replaced and its windows are run again; one whose
 * replacements die too is given up, and the others go on.
 *
 * @param prepare makes of the network what the engine's threads take; called once, by `start`
 */
export function createPooledClassifier(
  options: ClassifierOptions,
  prepare: (network: Bundle['network']) => SessionModel,
): PooledClassifier {
  const { labels, outputs, network } = options.bundle;
  const windowShape = network.architecture.inputShape;
  const windowLength = elementsIn(windowShape);
  const { maxQueued = 64, maxWaiting = 4096, metrics = SILENT, spawn = spawnSessionThread } = options;
  const { maxRestartsInARow = 5, restartDelayMs = 100, background = false } = options;
  const slots = new WindowSlots(maxQueued, windowLength);
  let setup: SessionSetup | undefined;
  const pool = new SessionPool({
    threads: options.threads ?? Math.max(1, availableParallelism() - 1),
    maxWaiting,
    maxRestartsInARow,
    restartDelayMs,
    setTimer,
    slots,
    metrics,
    spawn: (events) => {
      setup ??= {
        model: prepare(network),
        windows: slots.buffer,
        windowShape,
        warmUpRuns: WARM_UP_RUNS,
        background,
      };
      return spawn(setup, events);
    },
  });
  return {
    labels,
    get queueDepth() {
      return pool.depth;
    },
    get threads() {
      return pool.threads;
    },
    start: () => pool.start(),
    classify: async (window, onComputed) => {
      if (window.length === windowLength)
        return countedAs(labels, outputs, await pool.submit(window, onComputed));
      const detail = `it has ${window.length} values, the model takes ${windowShape.join('×')}.`;
      throw new UndertoneError('UT_INFERENCE_WINDOW', detail);
    },
    close: () => pool.close(),
  };
}

const SILENT: InferenceMetrics = {
  onInference: () => undefined,
  onWorkerRestart: () => undefined,
  onThreadGivenUp: () => undefined,
};

/** Unlike the clock's timers it keeps the process alive: windows wait for the thread that is to come. */
const setTimer: Clock['setTimer'] = (action, delayMs) => {
  const timer = setTimeout(action, delayMs);
  return () => clearTimeout(timer);
};

/** Starts a worker thread with a session. */
export function spawnSessionThread(setup: SessionSetup, events: SessionThreadEvents): SessionThread {
  const worker = new Worker(THREAD, { workerData: setup, execArgv: [] });
  let reason = 'it was ended';
  worker.on('message', (reply) => events.onReply(reply));
  worker.on('error', (error) => {
    reason = error.message;
  });
  worker.on('exit', () => events.onExit(reason));
  return { post: (request) => worker.postMessage(request) };
}
