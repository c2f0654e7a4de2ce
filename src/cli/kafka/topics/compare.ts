import type { FoundTopic, TopicDefinition } from '../../../bus/index.js';

export type Difference =
  | { readonly kind: 'missing' }
  | { readonly kind: 'partitions'; readonly wanted: number; readonly found: number }
  | { readonly kind: 'replication'; readonly wanted: number; readonly found: number }
  | { readonly kind: 'setting'; readonly name: string; readonly wanted: string; readonly found: string };

/** One topic, and in what it is not as the configuration wants it. */
export interface TopicFinding {
  readonly topic: TopicDefinition;
  readonly differences: readonly Difference[];
}

/** @param found undefined where the topic does not exist */
export function compareTopic(topic: TopicDefinition, found: FoundTopic | undefined): TopicFinding {
  if (found === undefined) return { topic, differences: [{ kind: 'missing' }] };
  return {
    topic,
    differences: [
      ...differenceOf('partitions', topic.partitions, found.partitions),
      ...differenceOf('replication', topic.replicationFactor, found.replicationFactor),
      ...Object.entries(topic.settings).flatMap(([name, wanted]) =>
        settingDifference(name, wanted, found.settings[name] ?? ''),
      ),
    ],
  };
}

function differenceOf(kind: 'partitions' | 'replication', wanted: number, found: number): Difference[] {
  return wanted === found ? [] : [{ kind, wanted, found }];
}

function settingDifference(name: string, wanted: string, found: string): Difference[] {
  return sortedList(wanted) === sortedList(found) ? [] : [{ kind: 'setting', name, wanted, found }];
}

/** The order within a list (`compact,delete`) means nothing. */
const sortedList = (text: string): string =>
  text
    .split(',')
    .map((part) => part.trim())
    .sort()
    .join();
