import { extname } from 'node:path';
import type { CorpusClip } from '../corpus.js';
import type { Finding } from '../finding.js';
import type { RecordingFacts } from './measure.js';
import { twinFindings } from './twins.js';

/** A recording with what its corpus says of it and what was measured. */
export interface JudgedRecording {
  readonly path: string;
  readonly speaker: string;
  readonly label: CorpusClip['label'];
  /** SHA-256 of the file. */
  readonly sha256: string;
  readonly facts: RecordingFacts;
}

/** Real recordings of quiet speakers reach −54 dBFS. */
const SILENT_DBFS = -60;
const SHORT_MS = 300;
const CLIPPED_SHARE = 0.0005;
/** Wideband speech lies above −40 dB, telephone speech that was converted below −60. */
const NARROW_DB = -55;

/** What is odd about the recordings of a corpus, each by itself, against its name and against the others. */
export function judgeRecordings(recordings: readonly JudgedRecording[]): Finding[] {
  const usualRate = mostFrequent(recordings.map(({ facts }) => facts.sampleRateHz));
  const wide = isWide(recordings);
  const single = recordings.flatMap(({ path, facts }) =>
    detailsOf(path, facts, usualRate, wide).map((found) => ({ file: path, ...found })),
  );
  return [...single, ...twinFindings(recordings)];
}

type Found = Omit<Finding, 'file'>;

function detailsOf(path: string, facts: RecordingFacts, usualRate: number, wide: boolean): Found[] {
  const { sampleRateHz: rate, channels, durationMs, loudestDbfs, clippedShare, highBandDb } = facts;
  const found: (Found | false)[] = [
    formatDoubt(path, facts.container),
    rate !== usualRate && { kind: 'other-rate', detail: `${rate} Hz; most others have ${usualRate} Hz.` },
    wide &&
      highBandDb !== null &&
      highBandDb < NARROW_DB && {
        kind: 'narrow-band',
        detail: `nothing above 4 kHz (${highBandDb} dB): telephone audio among audio of a wider band.`,
      },
    channels > 1 && { kind: 'stereo', detail: stereoDetail(facts.sameChannels) },
    clippedShare >= CLIPPED_SHARE && {
      kind: 'clipped',
      detail: `${(clippedShare * 100).toFixed(2)} % of the samples are cut off at full scale.`,
    },
    loudestDbfs < SILENT_DBFS && { kind: 'silent', detail: `its loudest moment is at ${loudestDbfs} dBFS.` },
    durationMs < SHORT_MS && { kind: 'short', detail: `${durationMs} ms are too short to hear emotion in.` },
  ];
  return found.filter((one) => one !== false);
}

const stereoDetail = (same: boolean): string =>
  same
    ? 'two channels with the same samples; one is used.'
    : 'two different channels, of which the mean is used; if they are two people, separate them first.';

const ENDINGS = { wav: ['.wav'], aiff: ['.aif', '.aiff'], flac: ['.flac'] } as const;

function formatDoubt(path: string, container: RecordingFacts['container']): Found | false {
  const ending = extname(path).toLowerCase();
  if (ENDINGS[container].some((known) => known === ending)) return false;
  return { kind: 'other-format', detail: `the content is ${container.toUpperCase()}, and is read as such.` };
}

/** Whether most recordings hold more than the telephone band. */
function isWide(recordings: readonly JudgedRecording[]): boolean {
  const wide = recordings.filter(({ facts }) => (facts.highBandDb ?? NARROW_DB) > NARROW_DB);
  return wide.length * 2 > recordings.length;
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0];
}
