import { UndertoneError } from '../../errors.js';
import { ACTIVATION_LIMIT, type QuantizedConvolution, quantizeConvolution } from '../int8/quantize.js';
import type { Vgg16 } from '../recognise-vgg16.js';
import { CONVOLUTIONS } from '../vgg16.js';
import { appendConvolution, appendHead, appendPool, beginGraph, CONVOLUTION } from './compile.js';
import type { ChainBuilder } from './graph-builder.js';
import { foldConvolution } from './weights.js';

const ZERO = 'zero';

/**
 * Compiles a VGG16 into an ONNX model whose convolutions, from the second on, are computed in integers: uint8
 * activations with zero point 0 (ReLU is the clipping at 0), int8 weights with a scale for each output channel, int32
 * sums. The first convolution, which is next to no work, and the head stay in float32.
 *
 * Integers are summed without rounding, so that part of the result is the same on every processor.
 * @param clips [13] the largest value of each convolution's output, in order; beyond it activations are clipped
 * @throws UT_INFERENCE_NOT_VGG16 where batch norm stands behind a ReLU
 */
export function compileInt8(network: Vgg16, clips: readonly number[]): Uint8Array {
  const graph = beginGraph(network);
  graph.weight(ZERO, [], Uint8Array.of(0));
  const steps = clips.map((clip) => Math.fround((clip > 0 ? clip : 1) / ACTIVATION_LIMIT));
  let inputStep = '';
  CONVOLUTIONS.forEach((site, at) => {
    const step = graph.weight(`${site.name}_step`, [], Float32Array.of(steps[at]!));
    const convolution = network.blocks[site.block]![site.index]!;
    if (convolution.after) throw normBehindRelu(site.name);
    if (at === 0) {
      appendConvolution(graph, site.name, convolution);
      appendQuantize(graph, step);
    } else {
      const quantized = quantizeConvolution(foldConvolution(convolution), steps[at - 1]!);
      appendInt8Convolution(graph, site.name, inputStep, step, quantized);
    }
    if (site.pool) appendPool(graph, site.pool);
    inputStep = step;
  });
  appendDequantize(graph, inputStep);
  appendHead(graph, network);
  return graph.finish('vgg16-int8', [1, network.architecture.classes]);
}

/** From float32 to uint8. The zero point must have been added by the name `zero`. */
export function appendQuantize(graph: ChainBuilder, step: string): void {
  graph.append('QuantizeLinear', 'quantized', [step, ZERO]);
}

export function appendDequantize(graph: ChainBuilder, step: string): void {
  graph.append('DequantizeLinear', 'dequantized', [step, ZERO]);
}

/**
 * A convolution from uint8 to uint8, with its ReLU.
 * @param inputStep name of the weight that says what a step of its input means; `outputStep` of its output
 */
export function appendInt8Convolution(
  graph: ChainBuilder,
  name: string,
  inputStep: string,
  outputStep: string,
  { shape, kernel, scales, bias }: QuantizedConvolution,
): void {
  const channels = [scales.length];
  const weights = [
    inputStep,
    ZERO,
    graph.weight(`${name}_kernel`, shape, kernel),
    graph.weight(`${name}_scales`, channels, scales),
    graph.weight(`${name}_zeros`, channels, new Int8Array(scales.length)),
    outputStep,
    ZERO,
    graph.weight(`${name}_bias`, channels, bias),
  ];
  graph.append('QLinearConv', name, weights, CONVOLUTION);
}

function normBehindRelu(place: string): UndertoneError {
  const detail = 'batch norm stands behind its ReLU; integers are computed for batch norm before it alone.';
  return new UndertoneError('UT_INFERENCE_NOT_VGG16', detail, { place });
}
