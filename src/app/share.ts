import { createHash } from 'node:crypto';

/** Whether a call is among a share of all calls, 0…1: by its id alone, so that every worker says the same. */
export function isInShare(callId: string, share: number): boolean {
  return createHash('sha256').update(callId).digest().readUInt32BE() < share * 2 ** 32;
}
