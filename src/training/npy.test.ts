import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy } from './npy.js';

describe('NumPy files', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.float(),
        (rows, columns, value) => {
          const data = new Float32Array(rows * columns).fill(value);
          const read = decodeNpy(encodeNpy(data, [rows, columns]), 'a.npy');
          expect(read.shape).toEqual([rows, columns]);
          expect(read.data).toEqual(data);
        },
      ),
    );
  });

  it('follow the published layout: magic, version 1.0, header padded to 64 bytes', () => {
    const bytes = encodeNpy(Float32Array.of(1.5, -2), [2]);
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    expect((10 + bytes.readUInt16LE(8)) % 64).toBe(0);
    const header = bytes.toString('latin1', 10, bytes.length - 8);
    expect(header).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2,\), \} *\n$/);
    expect(bytes.readFloatLE(bytes.length - 4)).toBe(-2);
  });

  it.each([
    ['text', Buffer.from('not an array at all'), 'no NumPy file'],
    [
      'another type',
      Buffer.from(encodeNpy(new Float32Array(2), [2]).toString('latin1').replace('<f4', '<f8'), 'latin1'),
      'float32',
    ],
    [
      'a file cut short',
      encodeNpy(new Float32Array(4), [4]).subarray(0, -3),
      '13 bytes of data where 16 belong',
    ],
  ])('are refused with their place: %s', (_, bytes, detail) => {
    expect(() => decodeNpy(bytes, 'x/a.npy')).toThrow(
      expect.objectContaining({
        code: 'UT_TRAINING_BAD_DATA',
        place: 'x/a.npy',
        message: expect.stringContaining(detail),
      }),
    );
  });
});
