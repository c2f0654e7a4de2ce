import type { ConsoleServer } from './console-server.js';
import { ScriptedCall } from './scripted-call.js';

/** A small busy centre: four live calls of different kinds, one that has ended, and alerts on some of them. */
export async function demoCalls(server: ConsoleServer): Promise<Record<'angry' | 'ended', ScriptedCall>> {
  const startedAtMs = Date.now() - 150_000;
  const angry = new ScriptedCall({
    callId: 'CA7f3a52c9d1e04b6f8812',
    queue: 'billing',
    startedAtMs,
    scenes: [
      { windows: 34, mood: 'neutral' },
      { windows: 8, mood: 'uncertain' },
      { windows: 46, mood: 'angry' },
      { windows: 7, mood: 'silent' },
      { windows: 18, mood: 'angry' },
      { windows: 14, mood: 'pause' },
      { windows: 22, mood: 'sad' },
      { windows: 9, mood: 'gap' },
      { windows: 60, mood: 'neutral' },
    ],
  });
  const happy = new ScriptedCall({
    callId: 'demo-holiday-rebooked',
    queue: 'travel',
    synthetic: true,
    startedAtMs,
    scenes: [
      { windows: 24, mood: 'fear' },
      { windows: 12, mood: 'surprise' },
      { windows: 16, mood: 'neutral' },
      { windows: 60, mood: 'happy' },
    ],
  });
  const unsure = new ScriptedCall({
    callId: 'CA00184be1',
    queue: 'claims',
    tenant: 'northwind',
    notice: 'unknown',
    startedAtMs,
    scenes: [
      { windows: 30, mood: 'sad' },
      { windows: 10, mood: 'uncertain' },
      { windows: 8, mood: 'overload' },
      { windows: 24, mood: 'disgust' },
      { windows: 20, mood: 'uncertain' },
    ],
  });
  const ended = new ScriptedCall({
    callId: 'CA90ff21aa',
    queue: 'billing',
    notice: 'not-given',
    startedAtMs,
    scenes: [
      { windows: 40, mood: 'neutral' },
      { windows: 20, mood: 'surprise' },
      { windows: 40, mood: 'neutral' },
    ],
  });
  await server.play(ended, 0, 100, 'ended');
  await server.play(unsure, 0, 92);
  await server.play(happy, 0, 100);
  await server.play(angry, 0, 162);
  const reason = 'The customer has sounded angry for 10 s.';
  await server.alert(
    angry.alert(1, 60, { rule: 'sustained-anger', severity: 'critical', state: 'raised', reason }),
  );
  await server.alert(
    angry.alert(1, 112, {
      rule: 'sustained-anger',
      severity: 'critical',
      state: 'ended',
      reason: 'The customer no longer sounds angry.',
    }),
  );
  await server.alert(
    unsure.alert(1, 70, {
      rule: 'valence-drop',
      severity: 'warning',
      state: 'raised',
      reason: 'The customer has become much less pleased within 8 s.',
    }),
  );
  await server.alert(
    angry.alert(1, 140, {
      rule: 'long-silence',
      severity: 'info',
      state: 'raised',
      reason: 'Nobody has spoken for 12 s.',
    }),
  );
  return { angry, ended };
}
