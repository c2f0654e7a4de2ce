// Its enumerations are no named exports for Node.js.
import kafkajs, { type Admin } from 'kafkajs';
import { UndertoneError } from '../../../errors.js';
import type { AclAdmin, Grant } from '../acl-admin.js';
import type { KafkaClientOptions } from '../client-options.js';
import type { KafkaRight } from '../rights.js';
import { createClient } from './connection.js';
import { fromKafkajs } from './errors.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const RESOURCES: Readonly<Record<KafkaRight['resource'], number>> = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
  cluster: AclResourceTypes.CLUSTER,
};
const OPERATIONS: Readonly<Record<Exclude<Grant['operation'], 'other'>, number>> = {
  All: AclOperationTypes.ALL,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Create: AclOperationTypes.CREATE,
  Delete: AclOperationTypes.DELETE,
  Alter: AclOperationTypes.ALTER,
  Describe: AclOperationTypes.DESCRIBE,
  ClusterAction: AclOperationTypes.CLUSTER_ACTION,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  AlterConfigs: AclOperationTypes.ALTER_CONFIGS,
  IdempotentWrite: AclOperationTypes.IDEMPOTENT_WRITE,
};
/** What a cluster answers that checks nobody. */
const NO_AUTHORIZER = 'SECURITY_DISABLED';

type Listed = Awaited<ReturnType<Admin['describeAcls']>>['resources'][number];

export class KafkajsAclAdmin implements AclAdmin {
  readonly #admin: Admin;
  readonly #brokers: string;

  constructor(options: KafkaClientOptions) {
    this.#admin = createClient(options, 'short').admin();
    this.#brokers = options.brokers.join(', ');
  }

  connect(): Promise<void> {
    return this.#ask(() => this.#admin.connect());
  }

  async close(): Promise<void> {
    await this.#admin.disconnect().catch(() => undefined);
  }

  async list(): Promise<readonly Grant[]> {
    const { resources } = await this.#ask(() =>
      this.#admin.describeAcls({
        resourceType: AclResourceTypes.ANY,
        resourcePatternType: ResourcePatternTypes.ANY,
        operation: AclOperationTypes.ANY,
        permissionType: AclPermissionTypes.ANY,
      } as Parameters<Admin['describeAcls']>[0]),
    );
    return resources.flatMap(grantsOf);
  }

  async allow(principal: string, rights: readonly KafkaRight[]): Promise<void> {
    const acl = rights.map(({ resource, name, prefixed, operation }) => ({
      resourceType: RESOURCES[resource],
      resourceName: name,
      resourcePatternType: prefixed ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
      principal,
      host: '*',
      operation: OPERATIONS[operation],
      permissionType: AclPermissionTypes.ALLOW,
    }));
    await this.#ask(() => this.#admin.createAcls({ acl }));
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      const known = fromKafkajs(error, this.#brokers);
      if ((error as { readonly type?: unknown }).type !== NO_AUTHORIZER) throw known;
      const remedy =
        'The brokers check no rights, and everybody may do everything: set `authorizer.class.name` on them and restart them.';
      throw new UndertoneError('UT_KAFKA_FAILED', known.detail, {
        place: this.#brokers,
        cause: error,
        remedy,
      });
    }
  }
}

function grantsOf({ resourceType, resourceName, resourcePatternType, acls }: Listed): readonly Grant[] {
  return acls.map(({ principal, host, operation, permissionType }) => ({
    principal,
    host,
    allows: permissionType === AclPermissionTypes.ALLOW,
    resource: nameOf(RESOURCES, resourceType),
    name: resourceName,
    prefixed: resourcePatternType === ResourcePatternTypes.PREFIXED,
    operation: nameOf(OPERATIONS, operation),
  }));
}

function nameOf<K extends string>(table: Readonly<Record<K, number>>, value: number): K | 'other' {
  const found = (Object.keys(table) as K[]).find((name) => table[name] === value);
  return found ?? 'other';
}
