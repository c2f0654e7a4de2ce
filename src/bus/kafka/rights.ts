/** Something that a user of Kafka may do. */
export interface KafkaRight {
  readonly resource: 'topic' | 'group' | 'transactional-id' | 'cluster';
  readonly name: string;
  /** Whether the right holds for all names that begin so. */
  readonly prefixed: boolean;
  readonly operation: 'Describe' | 'DescribeConfigs' | 'Read' | 'Write' | 'Create' | 'Alter' | 'AlterConfigs';
}

/** For people: `Read on topic a`, `Read on group b…`. */
export function describeRight({ resource, name, prefixed, operation }: KafkaRight): string {
  return `${operation} on ${resource} ${name}${prefixed ? '…' : ''}`;
}
