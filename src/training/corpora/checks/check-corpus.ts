import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readAudioFile } from '../../../audio/index.js';
import { UndertoneError } from '../../../errors.js';
import type { CorpusClip, CorpusListing } from '../corpus.js';
import type { Finding } from '../finding.js';
import { type CorpusSource, readCorpus } from '../read-corpus.js';
import { type JudgedRecording, judgeRecordings } from './judge.js';
import { measureRecording } from './measure.js';

export interface CheckedCorpus {
  readonly listing: CorpusListing;
  /** All that was found: in names, in manifests and in the recordings. */
  readonly findings: readonly Finding[];
}

/**
 * Reads every recording of a corpus and says what is odd about it. Writes nothing.
 * @throws UT_TRAINING_BAD_CORPUS, UT_TRAINING_BAD_OPTIONS
 */
export async function checkCorpus(
  source: CorpusSource,
  onProgress?: (done: number, total: number) => void,
): Promise<CheckedCorpus> {
  const listing = await readCorpus(source);
  const recordings: JudgedRecording[] = [];
  const unreadable: Finding[] = [];
  const labelled = listing.clips.filter(({ label }) => label !== null);
  for (const [i, clip] of labelled.entries()) {
    const found = await judgedRecording(clip);
    if ('kind' in found) unreadable.push(found);
    else recordings.push(found);
    onProgress?.(i + 1, labelled.length);
  }
  return { listing, findings: [...listing.findings, ...unreadable, ...judgeRecordings(recordings)] };
}

async function judgedRecording({ path, speaker, label }: CorpusClip): Promise<JudgedRecording | Finding> {
  try {
    const clip = await readAudioFile(path);
    const bytes = await readFile(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { path, speaker, label, sha256, facts: measureRecording(bytes, clip, path) };
  } catch (error) {
    if (error instanceof UndertoneError)
      return { file: path, kind: 'left-out', detail: `${error.code}: ${error.detail}` };
    throw error;
  }
}
