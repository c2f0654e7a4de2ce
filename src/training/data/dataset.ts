import { join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { type FrontEnd, fingerprintOf } from '../../features/index.js';
import { readNpy } from '../npy.js';
import { type PreparedClip, type PreparedSettings, readManifest, readSettings } from '../prepare/manifest.js';
import type { VoicedFrames } from './windows.js';

/** The clips of one or more prepared directories. Arrays are read where they are needed. */
export interface Dataset {
  readonly frontEnd: FrontEnd;
  readonly fingerprint: string;
  readonly clips: readonly PreparedClip[];
  /** What each directory was prepared with. */
  readonly sources: readonly PreparedSettings[];
  /** Directory of a clip's files. */
  folderOf(clip: PreparedClip): string;
}

/**
 * Opens prepared directories together.
 * @throws UT_TRAINING_BAD_DATA where one is missing, unfinished or made with another front end
 */
export async function openDataset(folders: readonly string[]): Promise<Dataset> {
  if (folders.length === 0)
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'no prepared directory was given.');
  const folderOfClip = new Map<PreparedClip, string>();
  const sources: PreparedSettings[] = [];
  for (const folder of folders) {
    const settings = await readSettings(folder);
    sources.push(settings);
    if (fingerprintOf(settings.frontEnd) !== fingerprintOf(sources[0]!.frontEnd)) {
      throw new UndertoneError('UT_TRAINING_BAD_DATA', `its front end differs from that of ${folders[0]}.`, {
        place: folder,
      });
    }
    const clips = await readManifest(folder);
    if (clips.length === 0)
      throw new UndertoneError('UT_TRAINING_BAD_DATA', 'the manifest holds no clip.', { place: folder });
    for (const clip of clips) folderOfClip.set(clip, folder);
  }
  const { frontEnd } = sources[0]!;
  return {
    frontEnd,
    fingerprint: fingerprintOf(frontEnd),
    clips: [...folderOfClip.keys()],
    sources,
    folderOf: (clip) => folderOfClip.get(clip)!,
  };
}

/** The unchanged recording of a clip. */
export async function loadClip(dataset: Dataset, clip: PreparedClip): Promise<VoicedFrames> {
  const db = await loadFrames(dataset, clip, clip.file, clip.frames);
  return { db, frames: clip.frames, voice: clip.voice };
}

/** The recording and its changed copies. In a copy of another tempo speech lies at the same share of its length. */
export async function loadVariants(dataset: Dataset, clip: PreparedClip): Promise<VoicedFrames[]> {
  const variants = clip.variants.map(async ({ file, frames }) => {
    const scale = frames / clip.frames;
    const voice = {
      fromFrame: Math.floor(clip.voice.fromFrame * scale),
      toFrame: Math.ceil(clip.voice.toFrame * scale),
    };
    return { db: await loadFrames(dataset, clip, file, frames), frames, voice };
  });
  return Promise.all([loadClip(dataset, clip), ...variants]);
}

async function loadFrames(
  dataset: Dataset,
  clip: PreparedClip,
  file: string,
  frames: number,
): Promise<Float32Array> {
  const place = join(dataset.folderOf(clip), file);
  const { data, shape } = await readNpy(place).catch((cause: unknown) => {
    if (cause instanceof UndertoneError) throw cause;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', 'an array that the manifest names can not be read.', {
      place,
      cause,
    });
  });
  if (shape[0] !== frames || shape[1] !== dataset.frontEnd.nMels) {
    const detail = `the array is ${shape.join(' × ')}, the manifest says ${frames} × ${dataset.frontEnd.nMels}.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place });
  }
  return data;
}
