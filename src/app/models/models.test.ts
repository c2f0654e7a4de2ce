import { describe, expect, it } from 'vitest';
import type { CallParts } from '../../calls/index.js';
import { configSchema, type ModelConfig } from '../../config/index.js';
import type { HeldModel } from './load-model.js';
import { Models } from './models.js';

const SECTION = configSchema.parse({}).model;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function fakeModel(model: string, log: string[], changes: Partial<HeldModel> & { frontEnd?: string } = {}) {
  const { frontEnd = 'fe', ...rest } = changes;
  return {
    parts: { model, frontEnd } as CallParts,
    queueDepth: 0,
    threads: 1,
    start: async () => void log.push(`${model} starts`),
    close: async () => void log.push(`${model} closes`),
    ...rest,
  };
}

/** Models that come in the order in which they are listed. */
async function bench(...coming: (HeldModel | Error)[]) {
  const log: string[] = [];
  const inUse = new Set<CallParts>();
  const queue = [...coming];
  const load = async (_: ModelConfig) => {
    const next = queue.shift()!;
    if (next instanceof Error) throw next;
    return next;
  };
  const first = fakeModel('a@1', log);
  const models = new Models(first, {
    load,
    inUse: () => inUse,
    observer: {
      onCurrent: (model) => log.push(`current ${model}`),
      onHeld: (count) => log.push(`held ${count}`),
      onChange: (outcome) => log.push(outcome),
      onCloseFailed: (model) => log.push(`${model} failed to close`),
    },
  });
  await models.start();
  log.length = 0;
  return { models, log, inUse, first };
}

describe('a change of the model', () => {
  it('is for calls that begin once the new model is warm; the earlier one stays until its last call is over', async () => {
    const log: string[] = [];
    const next = fakeModel('b@2', log);
    const { models, inUse, first } = await bench(next);
    inUse.add(first.parts);
    await models.change(SECTION);
    expect(log).toEqual(['b@2 starts']);
    expect(models.current).toBe(next.parts);
    models.retire();
    await settled();
    expect(models.toGoOnWith({ model: 'a@1', frontEnd: 'fe' })).toBe(first.parts);
    inUse.clear();
    models.retire();
    expect(models.toGoOnWith({ model: 'a@1', frontEnd: 'fe' })).toBe(next.parts);
  });

  it('closes the earlier model once, also where it was in nobody’s use', async () => {
    const { models, log } = await bench(fakeModel('b@2', []));
    await models.change(SECTION);
    models.retire();
    await settled();
    expect(log).toEqual(['current b@2', 'held 2', 'a@1 closes', 'held 1', 'taken']);
  });

  it('that fails leaves everything as it was, whether the bundle is bad or its threads die', async () => {
    const dying = fakeModel('b@2', [], { start: () => Promise.reject(new Error('threads died')) });
    const { models, log, first } = await bench(new Error('no such bundle'), dying, fakeModel('c@3', []));
    await expect(models.change(SECTION)).rejects.toThrow('no such bundle');
    await expect(models.change(SECTION)).rejects.toThrow('threads died');
    expect(models.current).toBe(first.parts);
    expect(log).toEqual(['refused', 'refused']);
    await models.change(SECTION);
    expect(models.current.model).toBe('c@3');
  });

  it('waits for the one before it', async () => {
    let warm = () => {};
    const slow = fakeModel('b@2', [], { start: () => new Promise((resolve) => (warm = resolve)) });
    const { models } = await bench(slow, fakeModel('c@3', []));
    const changes = [models.change(SECTION), models.change(SECTION)];
    await settled();
    expect(models.current.model).toBe('a@1');
    warm();
    await Promise.all(changes);
    expect(models.current.model).toBe('c@3');
  });

  it('that is under way when the process stops is given up, and nothing stays behind', async () => {
    let warm = () => {};
    const log: string[] = [];
    const slow = fakeModel('b@2', log, { start: () => new Promise((resolve) => (warm = resolve)) });
    const { models, log: seen } = await bench(slow);
    const change = models.change(SECTION);
    await settled();
    const closed = models.close();
    warm();
    await expect(change).rejects.toThrow('UT_INFERENCE_CLOSED');
    await closed;
    expect([...log, ...seen]).toEqual(['b@2 closes', 'refused', 'a@1 closes']);
  });
});

describe('a call that another worker left', () => {
  it('goes on with its own model, else with the newest that counts in the same windows, else with none', async () => {
    const { models, inUse, first } = await bench(
      fakeModel('b@2', []),
      fakeModel('c@3', [], { frontEnd: 'other' }),
    );
    inUse.add(first.parts);
    await models.change(SECTION);
    inUse.add(models.current);
    await models.change(SECTION);
    const modelOf = (model: string, frontEnd: string) =>
      models.toGoOnWith({ model, frontEnd })?.model ?? null;
    expect(modelOf('a@1', 'fe')).toBe('a@1');
    expect(modelOf('unknown@9', 'fe')).toBe('b@2');
    expect(modelOf('a@1', 'other')).toBe('c@3');
    expect(modelOf('a@1', 'third')).toBeNull();
  });
});
