import type { FrontEnd, Picture } from '../../features/index.js';

/** A change to what the model is shown that would explain wrong answers. */
export interface Suspect<T> {
  /** In words: `picture.preprocessing = caffe`. */
  readonly name: string;
  readonly changed: T;
}

/** Front ends that differ in one setting, in those that notebooks confuse most. */
export function suspectFrontEnds(frontEnd: FrontEnd): Suspect<FrontEnd>[] {
  const { picture } = frontEnd;
  const plain: Partial<FrontEnd>[] = [
    { center: !frontEnd.center },
    { normalization: 'minmax' },
    { normalization: 'standardize' },
    { normalization: 'none' },
    { melScale: frontEnd.melScale === 'slaney' ? 'htk' : 'slaney' },
    { power: frontEnd.power === 2 ? 1 : 2 },
  ];
  const pictures = picture ? suspectPictures(picture) : [];
  return [
    ...pictures.map((change) => ({
      name: nameOf(change, 'picture.'),
      changed: { ...frontEnd, picture: { ...picture!, ...change } },
    })),
    ...plain.filter(differsFrom(frontEnd)).map((change) => ({
      name: nameOf(change, ''),
      changed: { ...frontEnd, ...change },
    })),
  ];
}

function suspectPictures(picture: Picture): Partial<Picture>[] {
  const isGrey = picture.colours === 'grey';
  const changes: Partial<Picture>[] = [
    ...(['none', 'divide255', 'signed'] as const).map((preprocessing) => ({ preprocessing })),
    ...(picture.colours === 'single' ? [] : [{ preprocessing: 'caffe' } as const]),
    ...(picture.levels === 'bytes' ? [] : ([{ fullScale: 1 }, { fullScale: 255 }] as const)),
    ...(['low-band-first', 'low-band-last', 'frames'] as const).map((rows) => ({ rows })),
    ...(['bilinear', 'bilinear-antialias', 'nearest'] as const).map((resize) => ({ resize })),
    { levels: 'continuous' },
    ...(picture.range ? [{ levels: 'bytes', fullScale: 255 } as const] : []),
    ...(picture.range && isGrey
      ? (['viridis', 'magma', 'inferno'] as const).map((colours) => ({ colours }))
      : []),
  ];
  return changes.filter(differsFrom(picture));
}

/** Inputs as they would be had the model's maker saved them before or after another preprocessing. */
export function suspectInputs(input: Float32Array, channels: number): Suspect<Float32Array>[] {
  const reversed = input.map((_, i) => input[i - (i % channels) + channels - 1 - (i % channels)]!);
  return [
    { name: 'the inputs times 255', changed: input.map((value) => value * 255) },
    { name: 'the inputs divided by 255', changed: input.map((value) => value / 255) },
    ...(channels === 3 ? [{ name: 'red and blue exchanged (RGB, BGR)', changed: reversed }] : []),
  ];
}

function differsFrom<T extends object>(now: T): (change: Partial<T>) => boolean {
  return (change) => Object.entries(change).some(([key, value]) => now[key as keyof T] !== value);
}

function nameOf(change: object, prefix: string): string {
  return Object.entries(change)
    .map(([key, value]) => `${prefix}${key} = ${value}`)
    .join(', ');
}
