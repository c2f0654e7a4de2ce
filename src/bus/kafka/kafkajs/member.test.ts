import type { Kafka } from 'kafkajs';
import { expect, test } from 'vitest';
import { KafkajsMember } from './member.js';

type Event = { readonly payload: unknown };

/** A member that owns partition 0, and what its consumer is told. */
async function setUp() {
  const told: string[] = [];
  const hears = new Map<string, (event: Event) => void>();
  const tell = (order: string) => (places: readonly { partitions?: readonly number[] }[]) =>
    void told.push(`${order} ${places.flatMap(({ partitions }) => partitions ?? [])}`);
  const consumer = {
    events: { GROUP_JOIN: 'join', CRASH: 'crash' },
    on: (name: string, hear: (event: Event) => void) => void hears.set(name, hear),
    connect: async () => undefined,
    disconnect: async () => undefined,
    subscribe: async () => undefined,
    run: async () => hears.get('join')!({ payload: { memberId: 'm', memberAssignment: { audio: [0] } } }),
    pause: tell('pause'),
    resume: tell('resume'),
    seek: ({ partition, offset }: { partition: number; offset: string }) =>
      void told.push(`seek ${partition} ${offset}`),
  };
  const client = { consumer: () => consumer } as unknown as Kafka;
  const listener = {
    onAssigned: () => undefined,
    onRevoked: async () => undefined,
    onRecords: () => undefined,
    onFailed: () => undefined,
  };
  const options = { group: 'g', topic: 'audio', instanceId: null };
  const member = await KafkajsMember.join(client, options, 6_000, listener);
  return { member, told: told.splice.bind(told, 0) as () => string[] };
}

test('a partition that is taken over anew while it is paused is fetched again', async () => {
  const { member, told } = await setUp();
  expect(told()).toEqual(['pause 0']);
  member.seek(0, 5);
  expect(told()).toEqual(['seek 0 5', 'resume 0']);
  member.pause(0);
  member.seek(0, 3);
  expect(told()).toEqual(['pause 0', 'seek 0 3', 'resume 0']);
});
