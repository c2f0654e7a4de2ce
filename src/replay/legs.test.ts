import { expect, test } from 'vitest';
import { UndertoneError } from '../errors.js';
import { assignLegs, keepLawful, parseLegs } from './legs.js';

const clip = (channels: number) => ({
  sampleRateHz: 8000,
  channels: Array.from({ length: channels }, (_, i) => Float32Array.of(i, i)),
});

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof UndertoneError ? error.code : String(error);
  }
}

test('one channel is the customer; of two, the second is the agent', () => {
  expect(assignLegs(clip(1), undefined, 'x').legs).toEqual(['customer']);
  expect(assignLegs(clip(2), undefined, 'x').legs).toEqual(['customer', 'agent']);
  expect(codeOf(() => assignLegs(clip(3), undefined, 'x'))).toBe('UT_CLI_LEGS');
});

test('legs are named in the order of the channels; the rest is left out', () => {
  const { clip: kept, legs } = assignLegs(clip(2), parseLegs('agent, customer'), 'x');
  expect(legs).toEqual(['agent', 'customer']);
  expect(kept.channels).toHaveLength(2);
  expect(assignLegs(clip(2), ['customer'], 'x').clip.channels).toEqual([Float32Array.of(0, 0)]);
  expect(codeOf(() => assignLegs(clip(1), ['customer', 'agent'], 'x'))).toBe('UT_CLI_LEGS');
});

test('a mixed leg is the mean of all channels', () => {
  expect(assignLegs(clip(2), ['mixed'], 'x').clip.channels).toEqual([Float32Array.of(0.5, 0.5)]);
});

test('names that mean nothing are refused', () => {
  for (const text of ['', 'butler', 'customer,customer', 'mixed,customer']) {
    expect(
      codeOf(() => parseLegs(text)),
      text,
    ).toBe('UT_CLI_LEGS');
  }
});

test("an agent's voice is left out unless it was declared lawful; a mixed leg is refused", () => {
  const stereo = assignLegs(clip(2), ['agent', 'customer'], 'x');
  expect(keepLawful(stereo, true, 'x')).toEqual(stereo);
  const kept = keepLawful(stereo, false, 'x');
  expect(kept.legs).toEqual(['customer']);
  expect(kept.clip.channels).toEqual([Float32Array.of(1, 1)]);
  expect(codeOf(() => keepLawful(assignLegs(clip(1), ['mixed'], 'x'), false, 'x'))).toBe('UT_CLI_UNDECLARED');
  expect(codeOf(() => keepLawful(assignLegs(clip(1), ['agent'], 'x'), false, 'x'))).toBe('UT_CLI_UNDECLARED');
});
