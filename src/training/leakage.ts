import { UndertoneError } from '../errors.js';
import { copiesAmong } from './corpora/index.js';
import type { PreparedClip } from './prepare/manifest.js';

/** What of a clip decides whether it gives away another. */
export type LeakClip = Pick<PreparedClip, 'corpus' | 'speaker' | 'source' | 'sourceSha256' | 'recording'>;

/** Something that two or more parts of a split share. */
export interface Leak {
  readonly kind: 'speaker' | 'recording';
  /** The speaker, or the recording's files as `<corpus>/<source>` (its name may differ from part to part). */
  readonly what: string;
  /** In the order of the split. */
  readonly parts: readonly string[];
}

/**
 * Speakers that stand in several parts of a split, and recordings that do so, byte for byte or as copies, under whatever
 * names and speakers. A recording of a speaker who leaks anyway is not named again.
 * @param parts clips of each part, such as train, validation, test
 */
export function speakerLeaks(parts: Readonly<Record<string, readonly LeakClip[]>>): Leak[] {
  const speakers = shared(parts, ({ speaker }) => speaker);
  const leaking = new Set(speakers.keys());
  const recordings = shared(parts, recordingKey(Object.values(parts).flat()));
  return [
    ...[...speakers].map(([what, { parts }]): Leak => ({ kind: 'speaker', what, parts })),
    ...[...recordings.values()]
      .filter(({ clips }) => !clips.every(({ speaker }) => leaking.has(speaker)))
      .map(({ clips, parts }): Leak => ({ kind: 'recording', what: namesOf(clips), parts })),
  ];
}

/** @throws UT_TRAINING_LEAK naming what stands in several parts, the first three of them */
export function refuseLeaks(parts: Readonly<Record<string, readonly LeakClip[]>>, place: string): void {
  const leaks = speakerLeaks(parts);
  if (leaks.length === 0) return;
  const shown = leaks.slice(0, 3).map(({ kind, what, parts }) => `${kind} ${what} in ${parts.join(' and ')}`);
  const more = leaks.length > shown.length ? `, and ${leaks.length - shown.length} more` : '';
  throw new UndertoneError('UT_TRAINING_LEAK', `${shown.join('; ')}${more}.`, { place });
}

/** The same for all copies of a recording; clips of directories that were not measured are told by their bytes. */
function recordingKey(clips: readonly LeakClip[]): (clip: LeakClip) => string {
  const measured = clips.flatMap((clip) =>
    clip.recording === undefined ? [] : [{ clip, course: clip.recording }],
  );
  const first = new Map<LeakClip, string>();
  for (const [original, ...copies] of copiesAmong(measured, ({ course }) => course))
    for (const { clip } of copies) first.set(clip, original!.clip.sourceSha256);
  return (clip) => first.get(clip) ?? clip.sourceSha256;
}

interface Shared {
  readonly parts: readonly string[];
  readonly clips: readonly LeakClip[];
}

/** Groups of clips with one key that lie in more than one part. */
function shared(
  parts: Readonly<Record<string, readonly LeakClip[]>>,
  keyOf: (clip: LeakClip) => string,
): Map<string, Shared> {
  const groups = new Map<string, { parts: Set<string>; clips: LeakClip[] }>();
  for (const [part, clips] of Object.entries(parts)) {
    for (const clip of clips) {
      const key = keyOf(clip);
      const group = groups.get(key) ?? { parts: new Set<string>(), clips: [] };
      groups.set(key, group);
      group.parts.add(part);
      group.clips.push(clip);
    }
  }
  const several = [...groups].filter(([, { parts }]) => parts.size > 1);
  return new Map(several.map(([key, { parts, clips }]) => [key, { parts: [...parts], clips }]));
}

function namesOf(clips: readonly LeakClip[]): string {
  return [...new Set(clips.map(({ corpus, source }) => `${corpus}/${source}`))].join(' = ');
}
