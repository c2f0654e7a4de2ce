import { type Affine, affineOf } from '../batch-norm.js';
import type { ActivationName } from '../layer-cursor.js';
import type { DenseUnit } from '../recognise-head.js';
import type { Convolution, Vgg16 } from '../recognise-vgg16.js';
import { CONVOLUTIONS } from '../vgg16.js';
import { ChainBuilder } from './graph-builder.js';
import { channelsFirstRows, foldConvolution } from './weights.js';

/** Names of the compiled model's input [1, frames, mels, channels] and output [1, classes]. */
export const ONNX_INPUT = 'window';
export const ONNX_OUTPUT = 'probabilities';

/** Attributes of every convolution. */
export const CONVOLUTION = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };

/**
 * Compiles a VGG16 into an ONNX model for one window, channels last as Keras has it; batch norm is folded, softmax
 * stands at the end.
 *
 * @param metadata goes into the model as `metadata_props`
 */
export function compileOnnx(network: Vgg16, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  return build(network).graph.finish('vgg16', [1, network.architecture.classes], { metadata });
}

/** A model with further outputs. */
export interface ObservedOnnx {
  readonly onnx: Uint8Array;
  /** [13] names of the outputs that hold what each convolution hands to the next layer. */
  readonly handedOn: readonly string[];
}

/** The same model, but one that shows what its convolutions hand on. */
export function compileObserved(network: Vgg16): ObservedOnnx {
  const { graph, handedOn } = build(network);
  return { onnx: graph.finish('vgg16', [1, network.architecture.classes], { observed: handedOn }), handedOn };
}

function build(network: Vgg16): { readonly graph: ChainBuilder; readonly handedOn: readonly string[] } {
  const graph = beginGraph(network);
  const handedOn = CONVOLUTIONS.map((site) => {
    appendConvolution(graph, site.name, network.blocks[site.block]![site.index]!);
    if (site.pool) appendPool(graph, site.pool);
    return graph.last;
  });
  appendHead(graph, network);
  return { graph, handedOn };
}

/** A graph that has the window as planes, [1, channels, frames, mels], scaled as the model wants it. */
export function beginGraph({ architecture, inputScale }: Vgg16): ChainBuilder {
  const graph = new ChainBuilder(ONNX_INPUT, [1, ...architecture.inputShape]);
  graph.append('Transpose', 'planes', [], { perm: [0, 3, 1, 2] });
  if (inputScale) appendAffine(graph, 'input', inputScale);
  return graph;
}

/** A convolution in float32, its ReLU, and batch norm where it stands behind that. */
export function appendConvolution(graph: ChainBuilder, name: string, convolution: Convolution): void {
  const { shape, kernel, bias } = foldConvolution(convolution);
  const weights = [
    graph.weight(`${name}_kernel`, shape, kernel),
    graph.weight(`${name}_bias`, [bias.length], bias),
  ];
  graph.append('Conv', name, weights, CONVOLUTION);
  graph.append('Relu', `${name}_relu`);
  if (convolution.after) appendAffine(graph, name, affineOf(convolution.after));
}

export function appendPool(graph: ChainBuilder, name: string): void {
  graph.append('MaxPool', name, [], { kernel_shape: [2, 2], strides: [2, 2] });
}

const POOLINGS = { average: 'GlobalAveragePool', max: 'GlobalMaxPool' } as const;

/** Where Keras and ONNX have the same default parameters; nothing is to be done for `linear`. */
const OPERATORS: Readonly<Partial<Record<ActivationName, string>>> = {
  relu: 'Relu',
  elu: 'Elu',
  selu: 'Selu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  softplus: 'Softplus',
  softsign: 'Softsign',
};

/** scale · x + shift for [1, channels, height, width]. */
function appendAffine(graph: ChainBuilder, name: string, { scale, shift }: Affine): void {
  const shape = [1, scale.length, 1, 1];
  graph.append('Mul', `${name}_scaled`, [graph.weight(`${name}_scale`, shape, Float32Array.from(scale))]);
  graph.append('Add', `${name}_shifted`, [graph.weight(`${name}_shift`, shape, Float32Array.from(shift))]);
}

/** From the last block's map to probabilities, in float32. */
export function appendHead(graph: ChainBuilder, network: Vgg16): void {
  const { pooling } = network.architecture.head;
  if (pooling !== 'flatten') graph.append(POOLINGS[pooling], pooling);
  graph.append('Flatten', 'features', [], { axis: 1 });
  network.head.forEach((unit, index) => {
    const last = index === network.head.length - 1;
    const name = last ? 'logits' : `fc${index + 1}`;
    const kernel = index === 0 ? firstKernel(unit, network) : unit.kernel.data;
    const bias = unit.bias ?? new Float32Array(unit.kernel.shape[1]!);
    const weights = [
      graph.weight(`${name}_kernel`, unit.kernel.shape, kernel),
      graph.weight(`${name}_bias`, [bias.length], bias),
    ];
    graph.append('Gemm', name, weights);
    const operator = OPERATORS[unit.activation];
    if (operator && !last) graph.append(operator, `${name}_${unit.activation}`);
  });
  graph.append('Softmax', ONNX_OUTPUT, [], { axis: 1 });
}

function firstKernel(unit: DenseUnit, { architecture, blocks }: Vgg16): Float32Array {
  if (architecture.head.pooling !== 'flatten') return unit.kernel.data;
  const channels = blocks.at(-1)!.at(-1)!.kernel.shape[3]!;
  return channelsFirstRows(unit, unit.kernel.shape[0]! / channels, channels);
}
