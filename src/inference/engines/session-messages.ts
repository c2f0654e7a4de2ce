/** What an inference thread is started with. */
export interface SessionSetup {
  readonly onnx: Uint8Array;
  /** The windows of all slots, one after the other; written by the main thread, read by the one that runs a slot. */
  readonly windows: SharedArrayBuffer;
  /** Rows, columns and channels of a window. */
  readonly windowShape: readonly [number, number, number];
  readonly inputName: string;
  readonly outputName: string;
  /** Runs before the thread says it is ready. */
  readonly warmUpRuns: number;
}

export type SessionRequest = { readonly kind: 'run'; readonly slot: number } | { readonly kind: 'stop' };

export type SessionReply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'done';
      readonly slot: number;
      readonly probabilities: Float32Array;
      /** Time inside the session. */
      readonly ms: number;
    };
