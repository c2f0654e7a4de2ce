import { observeActivations } from '../onnx/observe.js';
import type { Vgg16 } from '../recognise-vgg16.js';
import { CONVOLUTIONS } from '../vgg16.js';

/**
 * The largest value that each convolution hands on for these windows.
 * @param windows Float32Arrays of the network's input shape: some hundred, of speech as the network will hear it
 * @returns [13] what `compileInt8` takes
 */
export async function activationClips(network: Vgg16, windows: readonly Float32Array[]): Promise<number[]> {
  const clips = CONVOLUTIONS.map(() => 0);
  await observeActivations(network, windows, (convolution, { data }) => {
    clips[convolution] = largest(data, clips[convolution]!);
  });
  return clips;
}

function largest(values: Float32Array, atLeast: number): number {
  let max = atLeast;
  for (let i = 0; i < values.length; i++) if (values[i]! > max) max = values[i]!;
  return max;
}
