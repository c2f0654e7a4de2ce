import { colourOf } from './colour-map.js';
import type { ColourMap } from './colour-tables.js';
import type { FrontEnd } from './front-end.js';
import { Resize, type ResizeMethod } from './resize.js';

/**
 * How a window becomes the picture that an imported model was trained on. The fields stand in the order in which they
 * act; the window comes from the front end with its `normalization` done.
 */
export interface Picture {
  /** Values that become 0 and `fullScale`; others lie on the line through them, cut off at both. `null` = as they are. */
  readonly range: readonly [low: number, high: number] | null;
  /** Largest value of a channel. */
  readonly fullScale: 1 | 255;
  /** `bytes`: cut off to whole numbers, as `(x * 255).astype(np.uint8)` and a saved picture do. */
  readonly levels: 'continuous' | 'bytes';
  /**
   * Mel bands on rows, frames on columns, the lowest band on top (an array as librosa gives it) or at the bottom (drawn
   * with `origin="lower"`, or flipped); or frames on rows, bands on columns.
   */
  readonly rows: 'low-band-first' | 'low-band-last' | 'frames';
  /** One channel; three equal ones (`grey`); or matplotlib's colour map of that name. */
  readonly colours: 'single' | 'grey' | ColourMap;
  readonly resize: ResizeMethod;
  readonly height: number;
  readonly width: number;
  /**
   * `divide255`: x / 255. `signed`: x / 127.5 − 1. `caffe`: channels in the order blue, green, red, minus the means of
   * ImageNet (`keras.applications.vgg16.preprocess_input`).
   */
  readonly preprocessing: 'none' | 'divide255' | 'signed' | 'caffe';
}

/** Blue, green, red (`keras.applications.imagenet_utils`, mode "caffe"). */
const IMAGENET_MEANS = [103.939, 116.779, 123.68] as const;

/** Channels of the picture. */
export function channelsOf({ colours }: Picture): 1 | 3 {
  return colours === 'single' ? 1 : 3;
}

/**
 * Makes pictures of one front end's windows.
 *
 * Always holds: a picture is made in one go and depends on its window alone; nothing is allocated for it.
 */
export class PicturePlan {
  readonly #picture: Picture;
  readonly #frames: number;
  readonly #bands: number;
  readonly #resize: Resize;
  /** The picture before it is resized, a plane a channel; equal channels share one. */
  readonly #planes: readonly Float32Array[];
  readonly #resized: Float32Array;

  constructor(picture: Picture, { windowFrames, nMels }: FrontEnd) {
    this.#picture = picture;
    this.#frames = windowFrames;
    this.#bands = nMels;
    const [rows, columns] = picture.rows === 'frames' ? [windowFrames, nMels] : [nMels, windowFrames];
    const { resize, height, width, levels } = picture;
    this.#resize = new Resize(resize, [rows, columns], [height, width], levels === 'bytes');
    const isColoured = picture.colours !== 'single' && picture.colours !== 'grey';
    this.#planes = Array.from({ length: isColoured ? 3 : 1 }, () => new Float32Array(rows * columns));
    this.#resized = new Float32Array(height * width);
  }

  /**
   * @param window Float32 [windowFrames × nMels]
   * @param out Float32 [height × width × channels], overwritten
   */
  apply(window: Float32Array, out: Float32Array): void {
    this.#draw(window);
    const channels = channelsOf(this.#picture);
    this.#planes.forEach((plane, index) => {
      this.#resize.apply(plane, this.#resized);
      const last = this.#planes.length === 1 ? channels - 1 : index;
      for (let channel = index; channel <= last; channel++) this.#write(channel, channels, out);
    });
  }

  /** Writes the window's values to the planes, each at its place and in its colour. */
  #draw(window: Float32Array): void {
    for (let frame = 0; frame < this.#frames; frame++) {
      for (let band = 0; band < this.#bands; band++) {
        const value = this.#scaled(window[frame * this.#bands + band]!);
        const at = this.#placeOf(frame, band);
        for (let plane = 0; plane < this.#planes.length; plane++) {
          this.#planes[plane]![at] = this.#levelOf(value, plane);
        }
      }
    }
  }

  /** 0…1 where there is a range. */
  #scaled(value: number): number {
    const { range } = this.#picture;
    if (range === null) return value;
    return Math.min(1, Math.max(0, (value - range[0]) / (range[1] - range[0])));
  }

  #placeOf(frame: number, band: number): number {
    const { rows } = this.#picture;
    if (rows === 'frames') return frame * this.#bands + band;
    return (rows === 'low-band-first' ? band : this.#bands - 1 - band) * this.#frames + frame;
  }

  #levelOf(value: number, plane: number): number {
    const { colours, range, fullScale, levels } = this.#picture;
    if (range === null) return value;
    const share = colours === 'single' || colours === 'grey' ? value : colourOf(colours, value, plane);
    return levels === 'bytes' ? Math.trunc(share * fullScale) : share * fullScale;
  }

  #write(channel: number, channels: number, out: Float32Array): void {
    const { preprocessing } = this.#picture;
    const isCaffe = preprocessing === 'caffe';
    const to = isCaffe ? channels - 1 - channel : channel;
    const factor = preprocessing === 'divide255' ? 1 / 255 : preprocessing === 'signed' ? 1 / 127.5 : 1;
    const less = isCaffe ? IMAGENET_MEANS[to]! : preprocessing === 'signed' ? 1 : 0;
    for (let i = 0; i < this.#resized.length; i++) out[i * channels + to] = this.#resized[i]! * factor - less;
  }
}
