import type { TfjsNetwork } from '../tfjs/network.js';

/** A model as the thread of an engine takes it. */
export type SessionModel =
  | {
      readonly engine: 'onnx';
      readonly onnx: Uint8Array;
      readonly inputName: string;
      readonly outputName: string;
    }
  | {
      readonly engine: 'tfjs';
      /** Folder of @tensorflow/tfjs-node. */
      readonly package: string;
      readonly network: TfjsNetwork;
      /** Int32 [1], shared by all threads of the process: 1 while one of them meets TensorFlow for the first time. */
      readonly turn: SharedArrayBuffer;
    };

export type SessionModelOf<E extends SessionModel['engine']> = Extract<SessionModel, { engine: E }>;

/** What an inference thread is started with. */
export interface SessionSetup {
  readonly model: SessionModel;
  /** The windows of all slots, one after the other; written by the main thread, read by the one that runs a slot. */
  readonly windows: SharedArrayBuffer;
  /** Rows, columns and channels of a window. */
  readonly windowShape: readonly [number, number, number];
  /** Runs before the thread says it is ready. */
  readonly warmUpRuns: number;
  /** Once it is ready, the thread gives way to those of other pools; on Linux, elsewhere it is as any other. */
  readonly background: boolean;
}

/** A loaded model inside its thread. It reads the window array that it was opened with. */
export interface Session {
  /** @returns the probabilities of what lies in the window array now */
  run(): Promise<Float32Array>;
  close(): Promise<void>;
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
