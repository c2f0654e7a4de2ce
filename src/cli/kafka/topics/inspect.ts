import type { TopicAdmin, TopicDefinition } from '../../../bus/index.js';
import { type Allowance, allowedChanges } from './changes.js';
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

/** Changes what touches nothing that is held, and what was allowed. @returns what was done, a line each */
export async function changeSettings(
  admin: Pick<TopicAdmin, 'alter'>,
  findings: readonly TopicFinding[],
  allowed: ReadonlySet<Allowance>,
): Promise<readonly string[]> {
  const done: string[] = [];
  for (const finding of findings) {
    const changes = allowedChanges(finding, allowed);
    if (changes.length === 0) continue;
    const { name: topic } = finding.topic;
    await admin.alter(topic, Object.fromEntries(changes.map(({ name, wanted }) => [name, wanted])));
    done.push(
      ...changes.map(({ name, found, wanted }) => `${topic} ${name}: ${found || 'not set'} → ${wanted}`),
    );
  }
  return done;
}
