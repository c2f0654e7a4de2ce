import { errorCodeOf } from '../../errors.js';
import type { BusRecord, PartitionListener, Subscription } from '../bus.js';
import { BackOff } from './back-off.js';
import type { DriverMember, JoinOptions, MemberListener } from './driver.js';
import type { KafkaReader } from './reader.js';
import { Tenure, type TenureOptions } from './tenure.js';

export interface MembershipOptions extends JoinOptions, TenureOptions {
  /** How long to wait after another owner was noticed: one that is rightful shows in the next assignment. */
  readonly fencedPauseMs: number;
}

const YOUNG_MS = 30_000;

/**
 * A member of a group, and its tenures of the partitions that are assigned to it.
 *
 * What always holds: a partition has one tenure at most; before its listener hears of the next reader it has let go of
 * the last one, or has had `drainTimeoutMs` for that, and the last one is fenced. Whatever fails is tried again until the
 * partition is lost or the membership closes; the pauses before it grow while tenures break young.
 */
export class Membership implements MemberListener, Subscription {
  readonly #options: MembershipOptions;
  readonly #listener: PartitionListener;
  readonly #backOff: BackOff;
  readonly #assigned = new Set<number>();
  readonly #tenures = new Map<number, Tenure>();
  readonly #ending = new Map<number, Promise<void>>();
  /** Tenures in a row, by partition, that broke young. */
  readonly #brokenYoung = new Map<number, number>();
  #member: Promise<DriverMember>;
  #closing: Promise<void> | undefined;

  static async join(options: MembershipOptions, listener: PartitionListener): Promise<Membership> {
    const membership = new Membership(options, listener);
    await membership.#member;
    return membership;
  }

  private constructor(options: MembershipOptions, listener: PartitionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#backOff = new BackOff(options.clock);
    this.#member = options.driver.join(options, this);
  }

  get readers(): readonly KafkaReader[] {
    return [...this.#tenures.values()].flatMap(({ reader }) => reader ?? []);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  onAssigned(partitions: readonly number[]): void {
    if (this.#closing !== undefined) return;
    this.#options.observer.rebalanced(this.#options.topic, partitions.length, 0);
    for (const partition of partitions) {
      this.#assigned.add(partition);
      void this.#takeOver(partition);
    }
  }

  async onRevoked(partitions: readonly number[]): Promise<void> {
    this.#options.observer.rebalanced(this.#options.topic, 0, partitions.length);
    for (const partition of partitions) this.#assigned.delete(partition);
    await Promise.all(partitions.map((partition) => this.#end(partition)));
  }

  onRecords(partition: number, records: readonly BusRecord[]): void {
    this.#tenures.get(partition)?.reader?.offer(records);
  }

  onFailed(error: Error): void {
    this.#options.observer.failed(error);
    if (this.#closing !== undefined) return;
    const lost = this.onRevoked([...this.#assigned]);
    this.#member = this.#rejoin(this.#member, lost);
    this.#member.catch(() => undefined);
  }

  async #takeOver(partition: number): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      await this.#ending.get(partition);
      if (!this.#assigned.has(partition) || this.#tenures.has(partition)) return;
      if (await this.#begin(partition)) return;
      await this.#backOff.wait(attempt);
    }
  }

  /** False where it has to be tried again. */
  async #begin(partition: number): Promise<boolean> {
    const tenure = new Tenure(partition, this.#options, (error) => this.#onBroken(tenure, error));
    this.#tenures.set(partition, tenure);
    try {
      const reader = await tenure.begin(await this.#member);
      if (reader !== undefined && tenure.live) this.#listener.onAssigned(reader);
      return true;
    } catch (error) {
      this.#options.observer.failed(error);
      if (this.#tenures.get(partition) === tenure) this.#tenures.delete(partition);
      return false;
    }
  }

  #end(partition: number): Promise<void> {
    const tenure = this.#tenures.get(partition);
    if (tenure === undefined) return this.#ending.get(partition) ?? Promise.resolve();
    this.#tenures.delete(partition);
    const ending = tenure.end(this.#listener).finally(() => this.#ending.delete(partition));
    this.#ending.set(partition, ending);
    return ending;
  }

  async #onBroken({ partition, ageMs }: Tenure, error: unknown): Promise<void> {
    const brokenYoung = ageMs < YOUNG_MS ? (this.#brokenYoung.get(partition) ?? 0) : 0;
    this.#brokenYoung.set(partition, brokenYoung + 1);
    await this.#end(partition);
    const isFenced = errorCodeOf(error) === 'UT_BUS_FENCED';
    await this.#backOff.wait(brokenYoung, isFenced ? this.#options.fencedPauseMs : 0);
    await this.#takeOver(partition);
  }

  async #close(): Promise<void> {
    this.#backOff.stop();
    this.#assigned.clear();
    await Promise.all([...this.#tenures.keys()].map((partition) => this.#end(partition)));
    await Promise.all(this.#ending.values());
    const member = await this.#member.catch(() => undefined);
    await member?.close();
  }

  async #rejoin(before: Promise<DriverMember>, lost: Promise<void>): Promise<DriverMember> {
    const gone = await before.catch(() => undefined);
    await Promise.allSettled([lost, gone?.close()]);
    for (let attempt = 0; ; attempt++) {
      if (this.#closing !== undefined) throw new Error('The membership is closing.');
      try {
        return await this.#options.driver.join(this.#options, this);
      } catch (error) {
        this.#options.observer.failed(error);
        await this.#backOff.wait(attempt);
      }
    }
  }
}
