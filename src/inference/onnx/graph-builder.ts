import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/** Opset and IR version of 2022: read by every onnxruntime that is still maintained. */
const OPSET = 17n;
const IR_VERSION = 8n;

/** What a weight may be made of. */
type WeightData = Float32Array | Int8Array | Uint8Array | Int32Array;

export interface FinishOptions {
  /** `metadata_props` of the model. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Nodes whose outputs the model gives as well, behind its own. */
  readonly observed?: readonly string[];
}

/** Builds a graph that is one chain: each node takes the previous node's output and some weights. */
export class ChainBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #weights: TensorProto[] = [];
  readonly #input: ValueInfoProto;
  #last: string;

  constructor(inputName: string, inputShape: readonly number[]) {
    this.#input = valueInfo(inputName, inputShape);
    this.#last = inputName;
  }

  /** The node appended last. */
  get last(): string {
    return this.#last;
  }

  /** Adds a weight of the type that its array has and returns its name. */
  weight(name: string, shape: readonly number[], data: WeightData): string {
    const rawData = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    const dataType = typeOf(data);
    this.#weights.push(create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType, rawData }));
    return name;
  }

  /** Appends a node; its attributes are all integers. */
  append(
    opType: string,
    name: string,
    weights: readonly string[] = [],
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): void {
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    const input = [this.#last, ...weights];
    this.#nodes.push(create(NodeProtoSchema, { opType, name, input, output: [name], attribute }));
    this.#last = name;
  }

  /** The model's bytes; its output is the last node's. */
  finish(
    graphName: string,
    outputShape: readonly number[],
    { metadata = {}, observed = [] }: FinishOptions = {},
  ): Uint8Array {
    const graph = create(GraphProtoSchema, {
      name: graphName,
      node: this.#nodes,
      initializer: this.#weights,
      input: [this.#input],
      output: [valueInfo(this.#last, outputShape), ...observed.map((name) => valueInfo(name))],
    });
    const opsetImport = [create(OperatorSetIdProtoSchema, { domain: '', version: OPSET })];
    const metadataProps = Object.entries(metadata).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    );
    const model = { irVersion: IR_VERSION, producerName: 'undertone', opsetImport, graph, metadataProps };
    return toBinary(ModelProtoSchema, create(ModelProtoSchema, model));
  }
}

function attributeOf(name: string, value: number | readonly number[]): AttributeProto {
  const typed =
    typeof value === 'number'
      ? { type: AttributeProto_AttributeType.INT, i: BigInt(value) }
      : { type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) };
  return create(AttributeProtoSchema, { name, ...typed });
}

function typeOf(data: WeightData): TensorProto_DataType {
  if (data instanceof Float32Array) return TensorProto_DataType.FLOAT;
  if (data instanceof Int8Array) return TensorProto_DataType.INT8;
  return data instanceof Uint8Array ? TensorProto_DataType.UINT8 : TensorProto_DataType.INT32;
}

/** A float32 tensor; without a shape, one of any shape. */
function valueInfo(name: string, shape?: readonly number[]): ValueInfoProto {
  const dim = shape?.map((size) =>
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(size) } }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: TensorProto_DataType.FLOAT,
    ...(dim && { shape: create(TensorShapeProtoSchema, { dim }) }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
}
