import { join, resolve } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { type FrontEnd, frameFingerprintOf } from '../../features/index.js';
import { readNpy } from '../npy.js';
import { requireFinished } from '../prepare/finished.js';
import { type PreparedClip, type PreparedSettings, readManifest, readSettings } from '../prepare/manifest.js';
import { VOCABULARY } from '../vocabulary.js';
import type { VoicedFrames } from './windows.js';

/** The clips of one or more prepared directories. Arrays are read where they are needed. */
export interface Dataset {
  readonly frontEnd: FrontEnd;
  /** Of the frames: the same for all directories. */
  readonly fingerprint: string;
  readonly clips: readonly PreparedClip[];
  /** What each directory was prepared with. */
  readonly sources: readonly PreparedSettings[];
  /** Sources of recordings that are the same byte for byte, in groups of two and more. */
  readonly duplicates: readonly (readonly string[])[];
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
  refuseTwice(folders);
  const clips: PreparedClip[] = [];
  const folderOfClip = new Map<string, string>();
  const sources: PreparedSettings[] = [];
  for (const folder of folders) {
    const settings = await readSettings(folder);
    sources.push(settings);
    if (frameFingerprintOf(settings.frontEnd) !== frameFingerprintOf(sources[0]!.frontEnd)) {
      throw new UndertoneError('UT_TRAINING_BAD_DATA', `its front end differs from that of ${folders[0]}.`, {
        place: folder,
      });
    }
    const held = await readManifest(folder);
    await requireFinished(folder, settings, held.length);
    checkClips(held, folder, folderOfClip);
    for (const clip of held) folderOfClip.set(nameOf(clip), folder);
    clips.push(...held);
  }
  const { frontEnd } = sources[0]!;
  const folderOf = (clip: PreparedClip) => folderOfClip.get(nameOf(clip))!;
  const fingerprint = frameFingerprintOf(frontEnd);
  return { frontEnd, fingerprint, clips, sources, duplicates: duplicatesIn(clips), folderOf };
}

function refuseTwice(folders: readonly string[]): void {
  const paths = folders.map((folder) => resolve(folder));
  const place = folders.find((_, i) => paths.indexOf(paths[i]!) < i);
  if (place !== undefined)
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'the directory was given twice.', { place });
}

/** Unique over all directories of a dataset. */
const nameOf = ({ corpus, id }: PreparedClip) => `${corpus}/${id}`;

/**
 * @param folderOfClip of the clips that other directories brought, by name
 * @throws UT_TRAINING_BAD_DATA for a clip that is there twice, or of a label that no protocol knows
 */
function checkClips(
  held: readonly PreparedClip[],
  place: string,
  folderOfClip: ReadonlyMap<string, string>,
): void {
  const seen = new Set<string>();
  for (const clip of held) {
    const name = nameOf(clip);
    const other = folderOfClip.get(name) ?? (seen.has(name) ? place : undefined);
    if (other !== undefined) {
      const detail = `it holds the clip ${name}, which ${other} holds too.`;
      throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place });
    }
    seen.add(name);
    if (VOCABULARY.includes(clip.label)) continue;
    const detail = `the clip ${name} has the label "${clip.label}"; there are ${VOCABULARY.join(', ')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_DATA', detail, { place });
  }
}

function duplicatesIn(clips: readonly PreparedClip[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { sourceSha256, source } of clips)
    groups.set(sourceSha256, [...(groups.get(sourceSha256) ?? []), source]);
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** What people are told of {@link Dataset.duplicates}: they are used as they are. */
export function duplicateNotes({ duplicates }: Dataset): string[] {
  return duplicates.map((sources) => `the same recording stands under several names: ${sources.join(', ')}`);
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
