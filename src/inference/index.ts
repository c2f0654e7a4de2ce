export type { BatchNorm } from './batch-norm.js';
export {
  type Bundle,
  type Float32Bundle,
  loadBundle,
  loadFloat32,
  type NewBundle,
  writeBundle,
} from './bundle.js';
export { BUNDLE_NAME, type BundleJson, MODEL_FILE, parseFrontEnd } from './bundle-json.js';
export type { Classifier } from './classifier.js';
export { createClassifier, ENGINES, type EngineName } from './engines/create-classifier.js';
export { createDropClassifier } from './engines/drop.js';
export { createOnnxClassifier } from './engines/onnx.js';
export type { ClassifierOptions, PooledClassifier } from './engines/pooled-classifier.js';
export type { InferenceMetrics } from './engines/session-pool.js';
export { createTfjsClassifier } from './engines/tfjs.js';
export { activationClips } from './int8/activation-clips.js';
export type { Int8Vgg16 } from './int8/int8-network.js';
export { type ArchiveLimits, readKerasFile, writeKerasArchive } from './keras/archive.js';
export { elementsIn, type LayerShapes, type Shape, shapesOf, specOf } from './keras/layers.js';
export type { KerasLayer, KerasModel, Tensor } from './keras-model.js';
export { EMOTIONS, type Emotion } from './labels.js';
export { compileOnnx, ONNX_INPUT, ONNX_OUTPUT } from './onnx/compile.js';
export { compileInt8 } from './onnx/compile-int8.js';
export { type ActivationMap, observeActivations } from './onnx/observe.js';
export { foldConvolution } from './onnx/weights.js';
export type { DenseUnit } from './recognise-head.js';
export { type Convolution, type Vgg16, vgg16Of } from './recognise-vgg16.js';
export {
  loadTfjs,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  type Tf,
  type TfTensor,
  tfjsIsInstalled,
  type Variable,
} from './tfjs/load.js';
export { CONVOLUTIONS, describeFilters, filtersAt, VGG16_BLOCKS, type Vgg16Architecture } from './vgg16.js';
export { type LayerHeader, vgg16Layers } from './vgg16-layers.js';
