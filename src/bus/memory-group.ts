import { balance } from './balance.js';
import type { PartitionListener } from './bus.js';
import type { MemoryPartition } from './memory-partition.js';
import { MemoryReader, type WriteResults } from './memory-reader.js';

interface Member {
  readonly listener: PartitionListener;
}

interface Ownership {
  readonly member: Member;
  readonly reader: MemoryReader;
}

/**
 * A consumer group on one topic.
 *
 * What always holds: a partition has one owner at most; it gets the next only after the last one's `onRevoked` has
 * ended; changes of membership are carried out one after another. Partitions that stay with their owner are not disturbed.
 */
export class MemoryGroup {
  readonly #members: Member[] = [];
  readonly #owned: (Ownership | undefined)[];
  #settled: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    readonly partitions: readonly MemoryPartition[],
    readonly write: WriteResults,
  ) {
    this.#owned = partitions.map(() => undefined);
  }

  /** Resolves with the function that leaves, once the newcomer has its share. */
  async join(listener: PartitionListener): Promise<() => Promise<void>> {
    const member = { listener };
    this.#members.push(member);
    await this.#rebalance();
    return () => this.#leave(member);
  }

  /** All members leave at once; nothing is handed from one to the other. */
  async close(): Promise<void> {
    this.#members.length = 0;
    await this.#rebalance();
  }

  #leave(member: Member): Promise<void> {
    const index = this.#members.indexOf(member);
    if (index >= 0) this.#members.splice(index, 1);
    return this.#rebalance();
  }

  #rebalance(): Promise<void> {
    this.#settled = this.#settled.then(() => this.#moveToTarget());
    return this.#settled;
  }

  async #moveToTarget(): Promise<void> {
    const owners = this.#owned.map((ownership) => ownership?.member);
    const target = balance(owners, this.#members);
    const moving = target.flatMap((member, index) => (member === owners[index] ? [] : [index]));
    await Promise.all(moving.map((index) => this.#revoke(index)));
    for (const index of moving) {
      const member = target[index];
      if (member !== undefined && this.#members.includes(member)) this.#assign(index, member);
    }
  }

  async #revoke(index: number): Promise<void> {
    const ownership = this.#owned[index];
    if (!ownership) return;
    ownership.reader.stop();
    try {
      await ownership.member.listener.onRevoked(index);
    } catch (error) {
      const { topic, observer } = this.partitions[index]!;
      observer.listenerFailed(topic, index, this.name, error);
    }
    ownership.reader.fence();
    this.#owned[index] = undefined;
  }

  #assign(index: number, member: Member): void {
    const onAbandoned = (): void => {
      this.#settled = this.#settled.then(() => this.#renew(index, reader));
    };
    const reading = { group: this.name, write: this.write, onAbandoned };
    const reader = new MemoryReader(this.partitions[index]!, reading);
    this.#owned[index] = { member, reader };
    member.listener.onAssigned(reader);
  }

  /** The member that still owns what it has abandoned gets it anew. */
  async #renew(index: number, abandoned: MemoryReader): Promise<void> {
    const ownership = this.#owned[index];
    if (ownership?.reader !== abandoned) return;
    await this.#revoke(index);
    if (this.#members.includes(ownership.member)) this.#assign(index, ownership.member);
  }
}
