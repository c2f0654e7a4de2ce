import { expect, test, vi } from 'vitest';
import { fromKafkajs } from './errors.js';
import { joinPatiently } from './patience.js';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const refusal = (type: string) => fromKafkajs(Object.assign(new Error(type), { type }), 'a group');

test('a coordinator that is loading is asked again, until it is ready', async () => {
  let asked = 0;
  const join = async () => {
    if (++asked < 4) throw refusal('GROUP_LOAD_IN_PROGRESS');
    return 'joined';
  };
  expect(await joinPatiently(join)).toBe('joined');
  expect(asked).toBe(4);
});

test.each([
  ['GROUP_LOAD_IN_PROGRESS', 25],
  ['GROUP_AUTHORIZATION_FAILED', 1],
])('%s is thrown after %d attempts', async (type, attempts) => {
  const join = vi.fn(async () => {
    throw refusal(type);
  });
  await expect(joinPatiently(join)).rejects.toThrow(type);
  expect(join).toHaveBeenCalledTimes(attempts);
});
