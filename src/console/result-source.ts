/** Where the console hears of calls: everything that stands there, then everything that comes. */
export interface ResultSource {
  start(): Promise<void>;
  /** Resolves once everything that has been published by now has been handed on. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}
