import { type FrontEnd, inputShapeOf } from '../../../features/index.js';

/** How time and tone lie in a model's input. */
export interface Orientation {
  /** Places from left to right when time runs to the right, and from low to high tones. */
  readonly times: number;
  readonly tones: number;
  /** Index of the place in an array [rows × columns]. */
  indexOf(time: number, tone: number): number;
}

/** Frames stand on the rows and bands on the columns, unless the front end makes a picture that says otherwise. */
export function orientationOf(frontEnd: FrontEnd): Orientation {
  const [rows, columns] = inputShapeOf(frontEnd);
  const order = frontEnd.picture?.rows ?? 'frames';
  if (order === 'frames')
    return { times: rows, tones: columns, indexOf: (time, tone) => time * columns + tone };
  const rowOf = (tone: number) => (order === 'low-band-first' ? tone : rows - 1 - tone);
  return { times: columns, tones: rows, indexOf: (time, tone) => rowOf(tone) * columns + time };
}
