import { describe, expect, it } from 'vitest';
import { preparedClip } from '../../test/support/prepared-clip.js';
import { EMOTIONS } from '../inference/index.js';
import { bundleLabels } from './bundle-labels.js';
import { outputsOf, PROTOCOLS, type Protocol, type ProtocolName, protocolOf } from './protocols.js';
import { PARTS, splitBy } from './split.js';

const two = (n: number) => String(n).padStart(2, '0');
const clipsOf = (corpus: string, speakers: readonly string[]) =>
  speakers.flatMap((speaker) =>
    Array.from({ length: 10 }, (_, i) =>
      preparedClip({
        id: `${speaker}-${i}`,
        corpus,
        speaker: `${corpus}/${speaker}`,
        sourceSha256: `${corpus}-${speaker}-${i}`,
      }),
    ),
  );
const CLIPS = [
  ...clipsOf('tess', ['OAF', 'YAF']),
  ...clipsOf(
    'ravdess',
    Array.from({ length: 20 }, (_, i) => two(i + 1)),
  ),
  ...clipsOf('emodb', ['03', '08', '09', '10', '11', '12', '13', '14']),
];
const speakersIn = (clips: readonly { readonly speaker: string }[]) =>
  new Set(clips.map(({ speaker }) => speaker));

const folds = (Object.keys(PROTOCOLS) as ProtocolName[]).flatMap((name) =>
  protocolOf(name).folds.map((fold) => [name, fold.name, protocolOf(name), fold] as const),
);

describe('protocols', () => {
  it.each(folds)(
    '%s, %s: no clip is in two parts, and every one has a label that is judged',
    (...[, , protocol, fold]) => {
      const split = splitBy(protocol, fold, CLIPS, '1');
      const all = PARTS.flatMap((part) => split[part]);
      expect(new Set(all.map(({ speaker, id }) => `${speaker}/${id}`)).size).toBe(all.length);
      expect(all.filter(({ label }) => !protocol.labels.includes(label))).toEqual([]);
    },
  );

  it.each(folds.filter(([, , { leaks }]) => !leaks))(
    '%s, %s: tests on speakers never heard before',
    (...[, , protocol, fold]) => {
      const { train, validation, test } = splitBy(protocol, fold, CLIPS, '1');
      const heard = speakersIn([...train, ...validation]);
      expect([...speakersIn(test)].filter((speaker) => heard.has(speaker))).toEqual([]);
    },
  );

  it('speakers-5fold tests each speaker of any corpus once, own recordings too', () => {
    const clips = [...CLIPS, ...clipsOf('my-calls', ['anna', 'ben', 'cleo', 'dora', 'emil', 'fee'])];
    const protocol = protocolOf('speakers-5fold');
    const tested = protocol.folds.flatMap((fold) => [
      ...speakersIn(splitBy(protocol, fold, clips, '1').test),
    ]);
    expect(tested.sort()).toEqual([...speakersIn(clips)].sort());
  });

  it.each(['ravdess-5fold', 'ravdess-7'] as const)('%s tests every actor once', (name) => {
    const protocol = protocolOf(name);
    const tested = protocol.folds.flatMap((fold) => [
      ...speakersIn(splitBy(protocol, fold, CLIPS, '1').test),
    ]);
    expect(tested.sort()).toEqual(Array.from({ length: 20 }, (_, i) => `ravdess/${two(i + 1)}`));
  });

  it('learning-curve trains on more and more actors, tested by the same four as the fifth fold of ravdess-5fold', () => {
    const { folds } = PROTOCOLS['learning-curve'];
    const splits = folds.map((fold) => splitBy(PROTOCOLS['learning-curve'], fold, CLIPS, '1'));
    expect(splits.map(({ train }) => speakersIn(train).size)).toEqual([2, 4, 8, 16].map((n) => n + 2 + 8));
    const fifth = splitBy(PROTOCOLS['ravdess-5fold'], PROTOCOLS['ravdess-5fold'].folds[4]!, CLIPS, '1');
    for (const { test } of splits) expect(test).toEqual(fifth.test);
    expect(splits.at(-1)!.train).toEqual(fifth.train);
  });

  it('release trains on everybody', () => {
    const clips = [...CLIPS, ...clipsOf('my-calls', ['anna'])];
    const { train, test } = splitBy(PROTOCOLS.release, PROTOCOLS.release.folds[0], clips, '1');
    expect(speakersIn(train)).toEqual(speakersIn(clips));
    expect(test).toEqual([]);
  });

  it("release models tell calm apart and answer with Undertone's labels", () => {
    const outputs = outputsOf(protocolOf('release'));
    expect(bundleLabels(outputs)).toEqual({ labels: [...EMOTIONS], outputs: [...EMOTIONS, 'neutral'] });
    expect(bundleLabels(outputsOf(protocolOf('held-out')))).toEqual({ labels: [...EMOTIONS] });
  });

  it('merge labels, and leave out what they do not judge', () => {
    const clips = [
      preparedClip({ id: 'a', label: 'calm' }),
      preparedClip({ id: 'b', label: 'boredom' }),
      preparedClip({ id: 'c', label: 'neutral' }),
    ];
    const protocol = protocolOf('speakers-5fold');
    const { train } = splitBy(protocol, protocol.folds[1]!, clips, '1');
    expect(train.map(({ id, label }) => [id, label])).toEqual([
      ['a', 'neutral'],
      ['c', 'neutral'],
    ]);
  });

  it('tess-random draws a share by the seed, and one clip more moves no other', () => {
    const [fold] = PROTOCOLS['tess-random'].folds;
    const many = clipsOf(
      'tess',
      Array.from({ length: 100 }, (_, i) => `S${i}`),
    );
    const draw = (clips: typeof many, seed: string) =>
      splitBy(PROTOCOLS['tess-random'], fold, clips, seed).test;
    expect(draw(many, '1').length).toBeGreaterThan(150);
    expect(draw(many, '1').length).toBeLessThan(250);
    expect(draw(many, '2').map(({ id }) => id)).not.toEqual(draw(many, '1').map(({ id }) => id));
    const fewer = many.slice(1);
    const kept = draw(many, '1').filter(({ id }) => id !== many[0]!.id);
    expect(draw(fewer, '1')).toEqual(kept);
    expect(PROTOCOLS['tess-random'].description).toContain('Leaks');
  });

  it('refuse a recording that stands in training and test under two names, unless they say that they leak', () => {
    const [, first] = clipsOf('tess', ['OAF', 'YAF']);
    const twice = [first!, { ...first!, id: 'copy', speaker: 'tess/YAF' }];
    const protocol = protocolOf('tess-cross-speaker');
    expect(() => splitBy(protocol, protocol.folds[0]!, twice, '1')).toThrow(/UT_TRAINING_LEAK.*oaf-to-yaf/);
    expect(() => splitBy({ ...protocol, leaks: true }, protocol.folds[0]!, twice, '1')).not.toThrow();
  });

  it('refuse data in which nobody trains, and name whom they found', () => {
    const protocol: Protocol = protocolOf('cross-corpus');
    expect(() => splitBy(protocol, protocol.folds[0]!, clipsOf('tess', ['OAF']), '1')).toThrow(
      /train part of to-tess; speakers found: tess\/OAF/,
    );
  });
});
