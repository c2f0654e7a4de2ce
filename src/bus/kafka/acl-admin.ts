import type { KafkaClientOptions } from './client-options.js';
import type { KafkaRight } from './rights.js';

/** One entry of the cluster's access control list, in Kafka's words where Undertone has none of its own. */
export interface Grant {
  /** `User:name`; `User:*` is everybody. */
  readonly principal: string;
  /** Address from which it holds; `*` is any. */
  readonly host: string;
  readonly allows: boolean;
  readonly resource: KafkaRight['resource'] | 'other';
  readonly name: string;
  readonly prefixed: boolean;
  readonly operation:
    | KafkaRight['operation']
    | 'All'
    | 'Delete'
    | 'ClusterAction'
    | 'IdempotentWrite'
    | 'other';
}

/** Reads and adds entries, and takes none away. It always speaks through kafkajs. */
export interface AclAdmin {
  connect(): Promise<void>;
  close(): Promise<void>;
  /** All entries. Throws UT_KAFKA_AUTHORIZATION, and UT_KAFKA_FAILED where the cluster has no authorizer. */
  list(): Promise<readonly Grant[]>;
  /** Allows each principal a right, from any host. */
  allow(principal: string, rights: readonly KafkaRight[]): Promise<void>;
}

export async function createAclAdmin(options: KafkaClientOptions): Promise<AclAdmin> {
  const { KafkajsAclAdmin } = await import('./kafkajs/acl-admin.js');
  return new KafkajsAclAdmin(options);
}
