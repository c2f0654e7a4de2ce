/** Turns windows into probabilities. One instance is shared by every call of a process. */
export interface Classifier {
  /** Labels in the order of the outputs. */
  readonly labels: readonly string[];
  /** Loads the model in every worker and warms it up; resolves when the first window would meet no cold start. */
  start(): Promise<void>;
  /**
   * @param window Float32Array of the front end's `inputShapeOf`, channels last; not kept, not changed.
   * @param onComputed told, before the answer, how long it was computed, without waiting, ms
   * @returns Float32Array [labels], softmax output. The result depends on this window alone.
   * @throws UT_INFERENCE_WINDOW_LOST where this window alone can not be answered; after any other error none can.
   */
  classify(window: Float32Array, onComputed?: (ms: number) => void): Promise<Float32Array>;
  /** Finishes what was accepted, then stops. */
  close(): Promise<void>;
}
