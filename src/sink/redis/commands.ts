import type { Command } from './batch.js';
import type { StateWrite } from './call-states.js';
import type { RedisNames } from './names.js';
import { Publication } from './publication.js';

/** Commands that {@link erasing} takes for one call. */
export const ERASING_COMMANDS = 3;

/** The state goes, whoever follows the call is told, and a mark tells those who were away. */
export function erasing(names: RedisNames, callId: string, markTtlMs: number): Command[] {
  const { text } = new Publication({ kind: 'erased', value: { callId } }, 0);
  return [
    ['del', names.stateKey(callId)],
    ['set', names.erasedKey(callId), text, 'PX', markTtlMs],
    ['publish', names.callChannel(callId), text],
  ];
}

export function writing(names: RedisNames, { callId, text, ttlMs, reason }: StateWrite): Command {
  const key = names.stateKey(callId);
  return reason === 'restore' ? ['set', key, text, 'PX', ttlMs, 'NX'] : ['set', key, text, 'PX', ttlMs];
}

/** Makes good, on the call's channel, for messages that were lost. */
export function announcing(names: RedisNames, { callId, text }: StateWrite): Command {
  return ['publish', names.callChannel(callId), text];
}

export function publishing(names: RedisNames, { told, text }: Publication): Command {
  const { tenant, callId } = { tenant: '', ...told.value };
  return ['publish', told.kind === 'alert' ? names.alertsChannel(tenant) : names.callChannel(callId), text];
}
