import type { TopicAdmin, TopicDefinition } from '../../../bus/index.js';
import { compareTopic, type TopicFinding } from './compare.js';

/** Compares the topics of the cluster with those that are wanted. */
export async function inspectTopics(
  admin: Pick<TopicAdmin, 'describe'>,
  wanted: readonly TopicDefinition[],
): Promise<readonly TopicFinding[]> {
  const found = await admin.describe(wanted.map(({ name }) => name));
  return wanted.map((topic) => compareTopic(topic, found.get(topic.name)));
}

/** Creates what is missing and leaves everything else as it is. @returns the names of what was created */
export async function createMissing(
  admin: Pick<TopicAdmin, 'create'>,
  findings: readonly TopicFinding[],
): Promise<readonly string[]> {
  const missing = findings
    .filter(({ differences }) => differences.some(({ kind }) => kind === 'missing'))
    .map(({ topic }) => topic);
  if (missing.length > 0) await admin.create(missing);
  return missing.map(({ name }) => name);
}
