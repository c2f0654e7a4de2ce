import type { Grant, KafkaRight } from '../../../bus/index.js';

/** Somebody who runs a part of Undertone, and what that part needs. */
export interface Wanted {
  /** `gateway`, `worker`, … */
  readonly task: string;
  readonly principal: string;
  readonly rights: readonly KafkaRight[];
}

/** What the list of the cluster says about one of them. */
export interface AclFinding extends Wanted {
  /** Nothing allows them. */
  readonly missing: readonly KafkaRight[];
  /** Entries that forbid something that is needed: they win over whatever allows it. */
  readonly forbidding: readonly Grant[];
  /** Entries of this principal that allow what no part of it needs. */
  readonly excess: readonly Grant[];
}

const EVERYBODY = 'User:*';

/** Kafka lets a right imply others: who may read, write, delete or alter may describe too. */
const IMPLIES: Readonly<Record<string, readonly string[]>> = {
  Describe: ['Read', 'Write', 'Delete', 'Alter'],
  DescribeConfigs: ['AlterConfigs'],
};

export function compareAcls(wanted: readonly Wanted[], grants: readonly Grant[]): readonly AclFinding[] {
  return wanted.map((one) => {
    const own = grants.filter(({ principal }) => principal === one.principal || principal === EVERYBODY);
    const allowing = own.filter(({ allows, host }) => allows && host === '*');
    const needed = wanted
      .filter(({ principal }) => principal === one.principal)
      .flatMap(({ rights }) => rights);
    return {
      ...one,
      missing: one.rights.filter((right) => !allowing.some((grant) => allows(grant, right))),
      forbidding: own.filter((grant) => !grant.allows && one.rights.some((right) => forbids(grant, right))),
      excess: allowing.filter(
        (grant) => grant.principal === one.principal && !needed.some((right) => isExactly(grant, right)),
      ),
    };
  });
}

export function isAsWanted(findings: readonly AclFinding[]): boolean {
  return findings.every(({ missing, forbidding }) => missing.length + forbidding.length === 0);
}

function allows(grant: Grant, right: KafkaRight): boolean {
  const operations = ['All', right.operation, ...(IMPLIES[right.operation] ?? [])];
  return grant.resource === right.resource && operations.includes(grant.operation) && covers(grant, right);
}

/** Of names, the whole of what is wanted. */
function covers(grant: Grant, { name, prefixed }: KafkaRight): boolean {
  if (grant.prefixed) return name.startsWith(grant.name);
  return grant.name === '*' || (grant.name === name && !prefixed);
}

/** A denial hurts where it touches a part of what is wanted; it implies nothing. */
function forbids(grant: Grant, right: KafkaRight): boolean {
  const isSame = grant.operation === right.operation || grant.operation === 'All';
  const { name, prefixed } = right;
  const touches = covers(grant, right) || (prefixed && grant.name.startsWith(name)) || grant.name === name;
  return grant.resource === right.resource && isSame && touches;
}

function isExactly(grant: Grant, right: KafkaRight): boolean {
  return (
    grant.resource === right.resource &&
    grant.name === right.name &&
    grant.prefixed === right.prefixed &&
    grant.operation === right.operation
  );
}
