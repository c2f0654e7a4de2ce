import type { Finding, JudgedRecording } from '../corpora/index.js';
import { judgeRecordings } from '../corpora/index.js';
import type { PreparedClip } from './manifest.js';
import type { PrepareTask } from './prepare-clip.js';

/**
 * The records that still say what the corpus says. One whose recording has gone, or has another label or speaker by
 * now, would go on teaching what was corrected.
 */
export function recordsInForce(
  records: readonly PreparedClip[],
  tasks: readonly PrepareTask[],
): PreparedClip[] {
  const wanted = new Map(tasks.map((task) => [task.clip.id, task]));
  return records.filter((record) => {
    const task = wanted.get(record.id);
    if (task === undefined || task.source !== record.source) return false;
    const { label, speaker, corpusLabel, language } = task.clip;
    return (
      label === record.label &&
      speaker === record.speaker &&
      corpusLabel === record.corpusLabel &&
      language === record.language
    );
  });
}

/** What the prepared recordings show that names do not. Those of older directories were not measured. */
export function findingsIn(records: readonly PreparedClip[], tasks: readonly PrepareTask[]): Finding[] {
  const paths = new Map(tasks.map(({ clip }) => [clip.id, clip.path]));
  const judged = records.flatMap(({ id, speaker, label, sourceSha256, recording }): JudgedRecording[] => {
    const path = paths.get(id);
    if (recording === undefined || path === undefined) return [];
    return [{ path, speaker, label, sha256: sourceSha256, facts: recording }];
  });
  return judgeRecordings(judged);
}
