export { type CheckedCorpus, checkCorpus } from './checks/check-corpus.js';
export { copiesAmong } from './checks/envelope.js';
export { type JudgedRecording, judgeRecordings } from './checks/judge.js';
export { measureRecording, type RecordingFacts } from './checks/measure.js';
export type { CorpusClip, CorpusListing } from './corpus.js';
export { FINDING_KINDS, type Finding, type FindingKind, isError } from './finding.js';
export {
  CORPORA,
  type CorpusName,
  type CorpusSource,
  OWN_LAYOUTS,
  type OwnLayout,
  readCorpus,
  sourcesFolder,
} from './read-corpus.js';
