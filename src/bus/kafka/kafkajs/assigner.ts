import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';
import { balance } from '../../balance.js';

const NAME = 'undertone-sticky';
const VERSION = 0;
const { MemberMetadata, MemberAssignment } = AssignerProtocol;

/**
 * Partitions stay with their members, and shares differ by one at most. Each member says in its subscription what it
 * owns; the leader balances from there. A partition that two members claim goes to the first of them by id.
 *
 * @param ownedHere what this member owns, asked at each join.
 */
export function stickyAssigner(ownedHere: () => readonly number[]): PartitionAssigner {
  return ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol({ topics }) {
      return {
        name: NAME,
        metadata: MemberMetadata.encode({ version: VERSION, topics, userData: encodeOwned(ownedHere()) }),
      };
    },
    async assign({ members, topics }) {
      const claims = [...members]
        .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
        .map(({ memberId, memberMetadata }) => ({ memberId, owned: decodeOwned(memberMetadata) }));
      const assignments = new Map(claims.map(({ memberId }) => [memberId, {} as Record<string, number[]>]));
      for (const topic of topics) {
        const partitions = cluster.findTopicPartitionMetadata(topic).length;
        for (const [partition, memberId] of share(partitions, claims).entries()) {
          const assignment = assignments.get(memberId)!;
          assignment[topic] = [...(assignment[topic] ?? []), partition];
        }
      }
      return [...assignments].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment,
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
}

interface Claim {
  readonly memberId: string;
  readonly owned: readonly number[];
}

/** The member of each partition. */
export function share(partitions: number, claims: readonly Claim[]): readonly string[] {
  const owners = Array.from(
    { length: partitions },
    (_, partition) => claims.find(({ owned }) => owned.includes(partition))?.memberId,
  );
  return balance(
    owners,
    claims.map(({ memberId }) => memberId),
  ) as string[];
}

function encodeOwned(partitions: readonly number[]): Buffer {
  return Buffer.from(JSON.stringify(partitions));
}

/** A member whose subscription cannot be read owns nothing. */
function decodeOwned(metadata: Buffer): readonly number[] {
  try {
    return JSON.parse(MemberMetadata.decode(metadata)!.userData.toString()) as number[];
  } catch {
    return [];
  }
}
