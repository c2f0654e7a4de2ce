import { describe, expect, it } from 'vitest';
import type { Alert } from '../timeline/index.js';
import { AlertBoard } from './alert-board.js';

const alert = (state: Alert['state'], second: number, alertId = 'c/anger/customer/1'): Alert => ({
  alertId,
  callId: 'c',
  tenant: 't',
  rule: 'anger',
  severity: 'warning',
  state,
  reason: 'The customer has sounded angry.',
  mediaMs: 1000,
  evidence: { leg: 'customer', fromWindowIndex: 0, toWindowIndex: 1, value: 1, threshold: 0.5 },
  confidence: 1,
  model: 'm',
  emittedAt: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`,
});

function isOver(...alerts: Alert[]): boolean[] {
  const board = new AlertBoard(10);
  for (const told of alerts) board.add(told);
  return board.stories().map(({ ended }) => ended !== undefined);
}

describe('AlertBoard', () => {
  it('shows an alert as over once its end was told, in whatever order the two came', () => {
    expect(isOver(alert('raised', 1))).toEqual([false]);
    expect(isOver(alert('raised', 1), alert('ended', 5))).toEqual([true]);
    expect(isOver(alert('ended', 5), alert('raised', 1))).toEqual([true]);
    expect(isOver(alert('raised', 1), alert('ended', 5), alert('raised', 1))).toEqual([true]);
  });

  it('shows the alert of a call that began again under its old id as standing', () => {
    expect(isOver(alert('raised', 1), alert('ended', 5), alert('raised', 9))).toEqual([false]);
  });

  it('keeps the newest alerts only', () => {
    const alerts = Array.from({ length: 12 }, (_, i) => alert('raised', i, `c/anger/customer/${i}`));
    expect(isOver(...alerts)).toHaveLength(10);
  });
});
