import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type ValueInfoProto } from 'onnx-buf';
import { UndertoneError } from '../../errors.js';
import { ONNX_INPUT, ONNX_OUTPUT } from '../onnx/compile.js';
import type { Vgg16Architecture } from '../vgg16.js';

/** A VGG16 that was compiled to integers beforehand: runs, but no longer tells its weights. */
export interface Int8Vgg16 {
  readonly architecture: Vgg16Architecture;
  /** Made by `compileInt8`. */
  readonly onnx: Uint8Array;
}

/**
 * Takes an ONNX model as the integer build of a network that has this architecture.
 * @param place the file, for messages.
 * @throws UT_INFERENCE_BUNDLE_MISMATCH where it is no ONNX model, or takes or gives something else
 */
export function int8Network(onnx: Uint8Array, architecture: Vgg16Architecture, place: string): Int8Vgg16 {
  const found = interfaceOf(onnx, place);
  const { inputShape, classes } = architecture;
  const expected = `${ONNX_INPUT} [1,${inputShape}] → ${ONNX_OUTPUT} [1,${classes}]`;
  if (found === expected) return { architecture, onnx };
  throw mismatch(`it computes ${found}, bundle.json says ${expected}.`, place);
}

function interfaceOf(onnx: Uint8Array, place: string): string {
  try {
    const { graph } = fromBinary(ModelProtoSchema, onnx);
    return `${(graph?.input ?? []).map(valueText)} → ${(graph?.output ?? []).map(valueText)}`;
  } catch (cause) {
    throw mismatch(`it is no ONNX model (${(cause as Error).message}).`, place, cause);
  }
}

function valueText({ name, type }: ValueInfoProto): string {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  return `${name} [${(tensor?.shape?.dim ?? []).map(({ value }) => value.value)}]`;
}

function mismatch(detail: string, place: string, cause?: unknown): UndertoneError {
  return new UndertoneError('UT_INFERENCE_BUNDLE_MISMATCH', detail, { place, cause });
}
