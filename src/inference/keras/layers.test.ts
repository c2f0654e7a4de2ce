import { describe, expect, test } from 'vitest';
import { shapesOf } from './layers.js';

const layer = (className: string, config: Record<string, unknown> = {}) => ({ className, name: 'l', config });

describe('shapesOf', () => {
  test.each([
    [
      'Conv2D',
      { filters: 8, kernel_size: [3, 3], padding: 'same' },
      [9, 7, 2],
      [9, 7, 8],
      [[3, 3, 2, 8], [8]],
    ],
    [
      'Conv2D',
      { filters: 8, kernel_size: 3, strides: 2, use_bias: false },
      [9, 7, 2],
      [4, 3, 8],
      [[3, 3, 2, 8]],
    ],
    ['MaxPooling2D', { pool_size: [2, 2], strides: null }, [9, 7, 2], [4, 3, 2], []],
    ['MaxPooling2D', { pool_size: 2, padding: 'same' }, [9, 7, 2], [5, 4, 2], []],
    ['BatchNormalization', {}, [9, 7, 2], [9, 7, 2], [[2], [2], [2], [2]]],
    ['BatchNormalization', { scale: false }, [9, 7, 2], [9, 7, 2], [[2], [2], [2]]],
    ['GlobalAveragePooling2D', {}, [9, 7, 2], [2], []],
    ['Flatten', {}, [9, 7, 2], [126], []],
    ['Dense', { units: 5 }, [3], [5], [[3, 5], [5]]],
    ['Softmax', { axis: -1 }, [5], [5], []],
  ])('%s %o of %o', (className, config, input, output, weights) => {
    expect(shapesOf(layer(className, config), input, 'm.keras')).toEqual({ output, weights });
  });

  test.each([
    ['LSTM', {}, [9, 7], /class LSTM is not one of Conv2D, /],
    [
      'Conv2D',
      { filters: 8, kernel_size: 3, data_format: 'channels_first' },
      [9, 7, 2],
      /setting data_format/,
    ],
    ['Conv2D', { filters: 8, kernel_size: 3, dilation_rate: 2 }, [9, 7, 2], /setting dilation_rate: only 1/],
    ['Conv2D', { filters: 8, kernel_size: 3, activation: 'gelu' }, [9, 7, 2], /setting activation/],
    ['Dense', { units: 5 }, [9, 7, 2], /its input has the shape \[9,7,2\], Dense needs 1 dimension/],
    ['MaxPooling2D', { pool_size: 2 }, [1, 7, 2], /input \[1,7,2\] is too small/],
    ['constructor', {}, [1], /class constructor is not one of/],
  ])('refuses %s %o of %o', (className, config, input, message) => {
    expect(() => shapesOf(layer(className, config), input, 'm.keras')).toThrow(message);
    expect(() => shapesOf(layer(className, config), input, 'm.keras')).toThrow(/m.keras, layer "l"/);
  });
});
