import type { WindowResult } from './result-event.js';

/** Where the results of an installation can be seen as they come. */
export interface ResultStream {
  /** For people: the address. */
  readonly place: string;
  /** Times at which results may have been missed: what is not seen then need not be lost. */
  readonly interruptions: number;
  /** From when it resolves on, every result is handed over. @throws UT_LOAD_RESULTS, UT_KAFKA_… */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** @param seenAtMs by the clock of the player */
export type OnResult = (result: WindowResult, seenAtMs: number) => void;
