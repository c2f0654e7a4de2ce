import { readFile } from 'node:fs/promises';
import { UndertoneError } from '../errors.js';
import { writeFileAtomically } from './files.js';

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');

/** A float32 array in NumPy's file format, version 1.0, C order, little endian. */
export function encodeNpy(data: Float32Array, shape: readonly number[]): Buffer {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const unpadded = MAGIC.length + 2 + dictionary.length + 1;
  const header = dictionary.padEnd(dictionary.length + ((64 - (unpadded % 64)) % 64)).concat('\n');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([MAGIC, length, Buffer.from(header, 'latin1'), body]);
}

/** @throws UT_TRAINING_BAD_DATA where the bytes are no float32 .npy of version 1.0. */
export function decodeNpy(
  bytes: Buffer,
  place: string,
): { readonly data: Float32Array; readonly shape: number[] } {
  const refuse = (detail: string) => new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place });
  if (bytes.length < 10 || !bytes.subarray(0, 8).equals(MAGIC))
    throw refuse('this is no NumPy file of version 1.0.');
  const bodyAt = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, bodyAt);
  const shape = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False") || shape === undefined) {
    throw refuse(`the header ${header.trim()} is not a C-ordered float32 array.`);
  }
  const sizes = shape
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  const expected = sizes.reduce((product, size) => product * size, 1) * 4;
  if (bytes.length - bodyAt !== expected)
    throw refuse(`${bytes.length - bodyAt} bytes of data where ${expected} belong.`);
  const data = new Float32Array(expected / 4);
  Buffer.from(data.buffer).set(bytes.subarray(bodyAt));
  return { data, shape: sizes };
}

export async function writeNpy(path: string, data: Float32Array, shape: readonly number[]): Promise<void> {
  await writeFileAtomically(path, encodeNpy(data, shape));
}

export async function readNpy(
  path: string,
): Promise<{ readonly data: Float32Array; readonly shape: number[] }> {
  return decodeNpy(await readFile(path), path);
}
