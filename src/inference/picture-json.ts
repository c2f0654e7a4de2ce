import { z } from 'zod';
import { COLOUR_MAPS, type Picture } from '../features/index.js';

/** Far beyond any VGG16; bounds what a bundle can make a process allocate. */
const side = z.int().positive().max(2048);

/** `frontEnd.picture` of a bundle: fields that contradict each other are refused. */
export const pictureSchema = z
  .strictObject({
    range: z.tuple([z.number(), z.number()]).readonly().nullable(),
    fullScale: z.union([z.literal(1), z.literal(255)]),
    levels: z.enum(['continuous', 'bytes']),
    rows: z.enum(['low-band-first', 'low-band-last', 'frames']),
    colours: z.enum(['single', 'grey', ...COLOUR_MAPS]),
    resize: z.enum(['bilinear', 'bilinear-antialias', 'nearest']),
    height: side,
    width: side,
    preprocessing: z.enum(['none', 'divide255', 'signed', 'caffe']),
  })
  .refine(({ range }) => range === null || range[0] < range[1], {
    path: ['range'],
    message: 'the first value must be below the second',
  })
  .refine(({ range, colours, levels }) => range !== null || (isGrey(colours) && levels === 'continuous'), {
    path: ['range'],
    message: 'a colour map and bytes need a range; [0, 1] after the normalization "minmax"',
  })
  .refine(({ levels, fullScale }) => levels === 'continuous' || fullScale === 255, {
    path: ['fullScale'],
    message: 'bytes reach to 255',
  })
  .refine(({ preprocessing, colours }) => preprocessing !== 'caffe' || colours !== 'single', {
    path: ['preprocessing'],
    message: '"caffe" needs three channels; colours "grey" gives three equal ones',
  }) satisfies z.ZodType<Picture>;

function isGrey(colours: Picture['colours']): boolean {
  return colours === 'single' || colours === 'grey';
}
