import type { Tensor } from '../keras-model.js';

/** The weights of one layer; `group` is its folder under `layers/`. */
export interface WeightGroup {
  readonly group: string;
  /** The layer's name, kept as an attribute for people who look into the file. */
  readonly name: string;
  readonly tensors: readonly Tensor[];
}

/** How weights are named: in a Keras 3 archive, or in the HDF5 file that Keras 2 wrote for a whole model. */
export type WeightLayout = 'archive' | 'whole-model';

export type ArchiveRequest =
  | {
      readonly kind: 'read';
      /** A `.keras` archive or an HDF5 file of a whole model. */
      readonly bytes: Uint8Array;
      /** Limit of all that is unpacked, weights included. */
      readonly maxBytes: number;
    }
  | {
      readonly kind: 'write';
      readonly modelName: string;
      readonly config: string;
      readonly metadata: string;
      readonly weights: readonly WeightGroup[];
    };

export type ArchiveReply =
  | {
      readonly kind: 'read';
      readonly layout: WeightLayout;
      readonly config: string;
      /** By `<group>/<index>` (archive) or `<layer>/…/<weight>` (whole-model). */
      readonly weights: ReadonlyMap<string, Tensor>;
    }
  | { readonly kind: 'written'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly cause: ArchiveFailure; readonly detail: string };

/** `archive`: not a readable Keras zip; `weights`: its HDF5 file is damaged; `size`: over the limit. */
export type ArchiveFailure = 'archive' | 'weights' | 'size';
