import { z } from 'zod';
import { UndertoneError } from '../errors.js';
import type { FrontEnd } from '../features/index.js';
import { pictureSchema } from './picture-json.js';
import { CONVOLUTIONS, filtersAt } from './vgg16.js';

/** The bundle format that this version writes and reads. */
export const FORMAT_VERSION = 1;

const count = z.int().positive();
const positive = z.number().positive();
const probability = z.number().min(0).max(1);

const frontEndFields = z.strictObject({
  sampleRateHz: count,
  nFft: count,
  winLength: count,
  hopLength: count,
  center: z.boolean(),
  nMels: count,
  fMinHz: z.number().nonnegative(),
  fMaxHz: positive,
  melScale: z.enum(['slaney', 'htk']),
  melNorm: z.enum(['slaney', 'none']),
  power: z.union([z.literal(1), z.literal(2)]),
  dbReference: z.union([
    z.strictObject({ kind: z.literal('fixed'), value: positive }),
    z.strictObject({ kind: z.literal('max') }),
  ]),
  amin: positive,
  topDb: positive.nullable(),
  windowFrames: count,
  windowHopFrames: count,
  normalization: z.enum(['standardize', 'minmax', 'none']),
  deltaWidth: count.exactOptional(),
  picture: pictureSchema.exactOptional(),
});
const frontEndSchema = frontEndFields.refine(({ deltaWidth, picture }) => !deltaWidth || !picture, {
  path: ['picture'],
  message: 'a picture has no room for the planes of deltaWidth',
}) satisfies z.ZodType<FrontEnd>;

const networkSchema = z.strictObject({
  inputShape: z.tuple([count, count, count]),
  filters: z.array(count).length(CONVOLUTIONS.length),
  batchNorm: z.boolean(),
  head: z.strictObject({
    pooling: z.enum(['average', 'max', 'flatten']),
    dense: z.array(count),
    dropout: probability,
  }),
  classes: count,
});

/** The first bundles state one width for all convolutions. */
const architectureSchema = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || !('width' in value)) return value;
  const { width, ...rest } = value;
  return typeof width === 'number' ? { ...rest, filters: filtersAt(width) } : value;
}, networkSchema);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const fileSchema = z.strictObject({ sha256, bytes: count });

/** Files of a bundle that hold the network. */
export const MODEL_FILE = 'model.keras';
export const INT8_FILE = 'model.int8.onnx';

const optimizedSchema = z.strictObject({
  kind: z.literal('int8'),
  file: z.literal(INT8_FILE),
  /** The float32 weights that it was made from. */
  from: z.strictObject({
    /** SHA-256 of their model.keras. */
    sha256,
    /** The command that makes them again; needed where model.keras is not in the bundle. */
    rebuild: z.string().min(1).exactOptional(),
  }),
});

/** What a bundle may be called: the name stands in file names, topics and on every result. */
export const BUNDLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

const fieldsSchema = z.strictObject({
  formatVersion: z.literal(FORMAT_VERSION),
  name: z.string().regex(BUNDLE_NAME, 'letters, digits, ".", "_" and "-" only'),
  createdAt: z.iso.datetime(),
  /** In the order of the model's outputs; with `outputs`, in the order in which it names them first. */
  labels: z
    .array(z.string().min(1))
    .min(2)
    .refine((labels) => new Set(labels).size === labels.length, 'a label stands twice')
    .readonly(),
  /**
   * The label that each of the model's outputs counts as, where it has more outputs than there are labels: their probabilities are added.
   * Absent: an output a label.
   */
  outputs: z.array(z.string()).readonly().exactOptional(),
  frontEnd: frontEndSchema,
  frontEndFingerprint: z.string(),
  /** Logits are divided by the temperature before softmax. */
  calibration: z.strictObject({ temperature: positive }),
  /** Under this confidence the timeline says `uncertain`. */
  thresholds: z.strictObject({ uncertain: probability }),
  architecture: architectureSchema,
  /** Every file of the bundle that is checked when it is loaded. */
  files: z.record(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a plain file name is needed'),
    fileSchema,
  ),
  /** The build that is run, where the bundle has one beside model.keras or in its place. */
  optimized: optimizedSchema.exactOptional(),
  /** Where the weights come from: data, seeds, settings. For people; nothing is read from it. */
  training: z.record(z.string(), z.unknown()),
});

/** bundle.json: everything about a model except its weights (design §4). */
export const bundleJsonSchema = fieldsSchema.superRefine(({ labels, outputs, files, optimized }, context) => {
  const complain = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: path.split('.'), message });
  if (outputs && `${[...new Set(outputs)]}` !== `${labels}`)
    complain('outputs', 'it names other labels than `labels`, or in another order');
  const model = Object.hasOwn(files, MODEL_FILE) ? files[MODEL_FILE] : undefined;
  if (!optimized) {
    if (!model) complain('files', `${MODEL_FILE} is not listed`);
    return;
  }
  if (!Object.hasOwn(files, optimized.file)) complain('files', `${optimized.file} is not listed`);
  if (model && model.sha256 !== optimized.from.sha256)
    complain(
      'optimized.from.sha256',
      `${optimized.file} was made from another ${MODEL_FILE} than the one here`,
    );
  if (!model && optimized.from.rebuild === undefined)
    complain('optimized.from.rebuild', `${MODEL_FILE} is not listed, and nothing says how to make it`);
});

export type BundleJson = z.output<typeof bundleJsonSchema>;

/**
 * @param place the path of bundle.json, for messages.
 * @throws UT_INFERENCE_BUNDLE_JSON with the path of the wrong field, UT_INFERENCE_BUNDLE_VERSION
 */
export function parseBundleJson(text: string, place: string): BundleJson {
  const value = parseJson(text, place);
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === 'number' && version !== FORMAT_VERSION) {
    const detail = `formatVersion is ${version}, this version reads ${FORMAT_VERSION}.`;
    throw new UndertoneError('UT_INFERENCE_BUNDLE_VERSION', detail, { place });
  }
  const parsed = bundleJsonSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || '(root)';
  throw new UndertoneError('UT_INFERENCE_BUNDLE_JSON', `field ${field}: ${issue?.message}.`, { place });
}

/**
 * A front end that stands by itself, as a bundle holds it.
 * @param place of the JSON, for messages.
 * @throws UT_FEATURES_BAD_FRONT_END with the path of the wrong, missing or unknown field
 */
export function parseFrontEnd(value: unknown, place: string): FrontEnd {
  const parsed = frontEndSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const detail = `field ${issue?.path.join('.') || '(root)'}: ${issue?.message}.`;
  throw new UndertoneError('UT_FEATURES_BAD_FRONT_END', detail, { place });
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = `not JSON (${(cause as Error).message}).`;
    throw new UndertoneError('UT_INFERENCE_BUNDLE_JSON', detail, { place, cause });
  }
}
