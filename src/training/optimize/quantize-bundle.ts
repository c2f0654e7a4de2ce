import {
  activationClips,
  type Bundle,
  compileInt8,
  type KerasModel,
  vgg16Of,
  writeBundle,
} from '../../inference/index.js';

export interface QuantizeOptions {
  /** Facts of the bundle that the weights belong to. */
  readonly bundle: Bundle;
  readonly model: KerasModel;
  /** Float32Arrays of the network's input shape, by which activations are measured. */
  readonly windows: readonly Float32Array[];
  /** Folder and name of the bundle to write. */
  readonly out: string;
  readonly name: string;
  readonly createdAt: string;
  /** Leave model.keras out; this command makes it again. */
  readonly withoutFloat32?: string;
}

/** Writes a bundle of the same weights with an integer build. @returns its modelId */
export async function quantizeBundle(options: QuantizeOptions): Promise<string> {
  const { bundle, model, windows, out, name, createdAt, withoutFloat32 } = options;
  const network = vgg16Of(model, `model "${model.name}"`);
  const onnx = compileInt8(network, await activationClips(network, windows));
  const { labels, outputs, frontEnd, calibration, thresholds, training } = bundle;
  return writeBundle(out, {
    name,
    createdAt,
    labels,
    ...(outputs !== undefined && { outputs }),
    frontEnd,
    calibration,
    thresholds,
    training,
    model,
    int8: { onnx, ...(withoutFloat32 !== undefined && { withoutFloat32 }) },
  });
}
