import { expect, test } from 'vitest';
import { weightGroupsOf } from './naming.js';

test('groups are the class in snake case, counted from the second of its kind', () => {
  const classes = [
    'Conv2D',
    'ReLU',
    'MaxPooling2D',
    'Conv2D',
    'GlobalAveragePooling2D',
    'Conv2D',
    'BatchNormalization',
  ];
  expect(weightGroupsOf(classes)).toEqual([
    'conv2d',
    're_lu',
    'max_pooling2d',
    'conv2d_1',
    'global_average_pooling2d',
    'conv2d_2',
    'batch_normalization',
  ]);
});
