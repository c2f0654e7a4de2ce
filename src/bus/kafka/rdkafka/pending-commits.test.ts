import { describe, expect, it } from 'vitest';
import { PendingCommits } from './pending-commits.js';

const answer = (partition: number, offset: number) => [{ topic: 'calls', partition, offset }];

describe('commits that await their answer', () => {
  it('settles each by its partition and offset', async () => {
    const commits = new PendingCommits('group g');
    const first = commits.add(0, 10, () => undefined);
    const other = commits.add(1, 10, () => undefined);
    const second = commits.add(0, 20, () => undefined);
    commits.settle(null, answer(1, 10));
    await other;
    commits.settle(
      { code: 22, message: 'Broker: Specified group generation id is not valid' },
      answer(0, 10),
    );
    await expect(first).rejects.toMatchObject({ code: 'UT_BUS_FENCED', place: 'group g' });
    commits.settle(undefined, answer(0, 20));
    await second;
  });

  it('rejects at once what cannot be sent', async () => {
    const commits = new PendingCommits('group g');
    const sent = commits.add(0, 1, () => {
      throw { code: -195, message: 'Local: Broker transport failure' };
    });
    await expect(sent).rejects.toMatchObject({ code: 'UT_KAFKA_UNREACHABLE' });
  });

  it('ignores answers that nobody awaits, and rejects the rest in the end', async () => {
    const commits = new PendingCommits('group g');
    commits.settle(null, answer(0, 1));
    const pending = commits.add(0, 2, () => undefined);
    commits.rejectAll(new Error('over'));
    await expect(pending).rejects.toThrow('over');
  });
});
