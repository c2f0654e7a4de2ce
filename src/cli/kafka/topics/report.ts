import { styled, type Terminal } from '../../terminal.js';
import type { Difference, TopicFinding } from './compare.js';
import { remediesOf } from './remedies.js';

/** One line a topic; under it each difference, and then what to do. */
export function renderTopics(
  findings: readonly TopicFinding[],
  brokers: string,
  terminal: Pick<Terminal, 'colours'>,
): string {
  const blocks = findings.map((finding) => blockOf(finding, brokers, terminal));
  return `${blocks.join('')}\n${verdictOf(findings)}\n`;
}

export function isAsWanted(findings: readonly TopicFinding[]): boolean {
  return findings.every(({ differences }) => differences.length === 0);
}

function blockOf(finding: TopicFinding, brokers: string, terminal: Pick<Terminal, 'colours'>): string {
  const { topic, differences } = finding;
  const mark = differences.length === 0 ? styled(terminal, 'green', '✓') : styled(terminal, 'red', '✗');
  const { partitions, replicationFactor, settings } = topic;
  const facts = `${counted(partitions, 'partition')}, replication ${replicationFactor}, ${settings['cleanup.policy']}`;
  const head = `${mark} ${topic.name}${differences.length === 0 ? `  ${facts}` : ''}\n`;
  const lines = differences.map((difference) => `    ${sentenceOf(difference)}\n`);
  const remedies = remediesOf(finding, brokers).map((text) =>
    styled(terminal, 'dim', `      ${text.replaceAll('\n', '\n      ')}\n`),
  );
  return [head, ...lines, ...remedies].join('');
}

function sentenceOf(difference: Difference): string {
  switch (difference.kind) {
    case 'missing':
      return 'does not exist';
    case 'partitions':
      return `has ${counted(difference.found, 'partition')}, wanted are ${difference.wanted}`;
    case 'replication':
      return `has replication ${difference.found}, wanted is ${difference.wanted}`;
    case 'setting':
      return `${difference.name} is ${difference.found || 'not set'}, wanted is ${difference.wanted}`;
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function verdictOf(findings: readonly TopicFinding[]): string {
  if (isAsWanted(findings)) return 'All topics are as the configuration wants them.';
  const missing = findings.some(({ differences }) => differences.some(({ kind }) => kind === 'missing'));
  const rest = findings.some(({ differences }) => differences.some(({ kind }) => kind !== 'missing'));
  return [
    missing ? 'What is missing is created by `undertone topics apply`.' : '',
    rest ? "What differs: see above (Kafka's own tools take credentials by --command-config FILE)." : '',
  ]
    .filter(Boolean)
    .join(' ');
}
