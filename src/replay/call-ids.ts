import { randomBytes } from 'node:crypto';

/** Six hexadecimal digits: seven, if all were decimal, would be hidden as a phone number in logs and traces. */
const RANDOM_BYTES = 3;

/** What the ids of calls that are played together begin with: `replay-1a2b3c`. */
export function newCallIdPrefix(kind: 'replay' | 'load'): string {
  return `${kind}-${randomBytes(RANDOM_BYTES).toString('hex')}`;
}
