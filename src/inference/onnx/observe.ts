import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Vgg16 } from '../recognise-vgg16.js';
import { compileObserved, ONNX_INPUT } from './compile.js';

/** What a convolution hands on (behind ReLU, and behind batch norm and pooling where they follow), [channels, frames, mels]. */
export interface ActivationMap {
  /** Float32Array, channel by channel; not negative where no batch norm stands behind ReLU. */
  readonly data: Float32Array;
  readonly channels: number;
}

/**
 * Runs the float32 network on windows and shows what its convolutions hand on, one after the other. Blocks the thread
 * that it is called on: for offline work.
 * @param windows Float32Arrays of the network's input shape
 * @param visit told the convolution (0…12) and its map
 */
export async function observeActivations(
  network: Vgg16,
  windows: readonly Float32Array[],
  visit: (convolution: number, map: ActivationMap) => void,
): Promise<void> {
  const { onnx, handedOn } = compileObserved(network);
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  try {
    for (const window of windows) {
      const input = new Tensor('float32', window, [1, ...network.architecture.inputShape]);
      const outputs = await session.run({ [ONNX_INPUT]: input });
      handedOn.forEach((node, at) => {
        const { data, dims } = outputs[node]!;
        visit(at, { data: data as Float32Array, channels: dims[1]! });
      });
    }
  } finally {
    await session.release();
  }
}
