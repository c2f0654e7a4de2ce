import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BusRecord, PartitionReader } from '../bus/index.js';
import { Intake } from './intake.js';

const record = (offset: number): BusRecord => ({
  topic: 'audio',
  partition: 0,
  offset,
  key: `call-${offset % 3}`,
  value: null,
  headers: {},
  timestampMs: 0,
});

/** A log that grows as the test says; `reads` counts what was asked of it. */
class Log implements PartitionReader {
  readonly topic = 'audio';
  readonly partition = 0;
  position = 0;
  end = 0;
  reads = 0;
  failure: Error | undefined;
  #closed = false;
  #wake: () => void = () => undefined;

  endOffset = async () => this.end;
  commit = async () => undefined;
  abandon = () => undefined;

  async read(maxRecords: number): Promise<readonly BusRecord[]> {
    this.reads++;
    while (this.position === this.end && !this.#closed && this.failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.failure !== undefined) throw this.failure;
    const from = this.position;
    this.position = Math.min(this.end, from + maxRecords);
    return Array.from({ length: this.position - from }, (_, n) => record(from + n));
  }

  grow(records: number): void {
    this.end += records;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  fail(error: Error): void {
    this.failure = error;
    this.#wake();
  }
}

const offsetsOf = (records: readonly BusRecord[]) =>
  records.map(({ offset }) => offset).sort((a, b) => a - b);

describe('the intake of a partition', () => {
  it('reads ahead to its bound and no further, while nothing is taken', async () => {
    const log = new Log();
    log.grow(1000);
    const intake = new Intake(log, 10, 40);
    expect(await intake.next()).toHaveLength(10);
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    expect(intake.size).toBe(40);
    expect(log.position).toBe(50);
  });

  it('has what came during a batch ready for the next, not only what came first', async () => {
    const log = new Log();
    const intake = new Intake(log, 10, 40);
    const first = intake.next();
    log.grow(1);
    expect(offsetsOf(await first)).toEqual([0]);
    log.grow(2);
    await setImmediate();
    log.grow(3);
    await setImmediate();
    expect(offsetsOf(await intake.next())).toEqual([1, 2, 3, 4, 5]);
  });

  it('knows the lowest offset that has not been dealt out', async () => {
    const log = new Log();
    log.grow(7);
    const intake = new Intake(log, 7, 40);
    expect(intake.untaken).toBe(0);
    await intake.next();
    expect(intake.untaken).toBe(7);
  });

  it('returns empty-handed after a nudge, and goes on', async () => {
    const log = new Log();
    const intake = new Intake(log, 10, 40);
    const waiting = intake.next();
    intake.nudge();
    expect(await waiting).toEqual([]);
    expect(intake.ended).toBe(false);
    log.grow(1);
    await setImmediate();
    expect(offsetsOf(await intake.next())).toEqual([0]);
  });

  it('ends where it is told to, and when the reader is closed', async () => {
    const log = new Log();
    log.grow(5);
    const intake = new Intake(log, 5, 40);
    intake.stopAt(5);
    expect(await intake.next()).toHaveLength(5);
    expect(intake.ended).toBe(true);
    const other = new Intake(new Log(), 5, 40);
    const waiting = other.next();
    other.stopAt(0);
    expect(await waiting).toEqual([]);
    expect(other.ended).toBe(true);
  });

  it('passes on what reading rejects with', async () => {
    const log = new Log();
    const waiting = new Intake(log, 5, 40).next();
    log.fail(new Error('as asked for'));
    await expect(waiting).rejects.toThrow('as asked for');
  });

  it('gives what it has after the reader was closed', async () => {
    const log = new Log();
    log.grow(2);
    const intake = new Intake(log, 1, 40);
    expect(await intake.next()).toHaveLength(1);
    await setImmediate();
    log.close();
    expect(await intake.next()).toHaveLength(1);
    await setImmediate();
    expect(intake.ended).toBe(true);
  });
});
