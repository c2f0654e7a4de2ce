import { describe, expect, it } from 'vitest';
import { preparedClip } from '../../test/support/prepared-clip.js';
import { PARTS, PROTOCOLS, type ProtocolName, splitBy } from './protocols.js';

const two = (n: number) => String(n).padStart(2, '0');
const clipsOf = (corpus: string, speakers: readonly string[]) =>
  speakers.flatMap((speaker) =>
    Array.from({ length: 10 }, (_, i) =>
      preparedClip({ id: `${speaker}-${i}`, corpus, speaker: `${corpus}/${speaker}` }),
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

describe('protocols', () => {
  it.each(Object.keys(PROTOCOLS) as ProtocolName[])('%s puts no clip into two parts', (name) => {
    const split = splitBy(PROTOCOLS[name], CLIPS, '1');
    const all = PARTS.flatMap((part) => split[part]);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(['release', 'tess-oaf-to-yaf', 'tess-yaf-to-oaf'] as const)(
    '%s tests on speakers never heard before',
    (name) => {
      const { train, validation, test } = splitBy(PROTOCOLS[name], CLIPS, '1');
      const heard = speakersIn([...train, ...validation]);
      expect([...speakersIn(test)].filter((speaker) => heard.has(speaker))).toEqual([]);
    },
  );

  it('release holds back the speakers that it names', () => {
    const { train, validation, test } = splitBy(PROTOCOLS.release, CLIPS, '1');
    expect([...speakersIn(test)].sort()).toEqual([
      'emodb/14',
      'ravdess/17',
      'ravdess/18',
      'ravdess/19',
      'ravdess/20',
    ]);
    expect([...speakersIn(validation)].sort()).toEqual(['emodb/13', 'ravdess/15', 'ravdess/16']);
    expect(speakersIn(train).size).toBe(2 + 14 + 6);
  });

  it('tess-random draws a fifth, by the seed alone, and says that it leaks', () => {
    const draw = (seed: string) => splitBy(PROTOCOLS['tess-random'], CLIPS, seed).test;
    expect(draw('1').length).toBe(4);
    expect(draw('1')).toEqual(draw('1'));
    expect(['2', '3', '4'].some((seed) => draw(seed).some((clip) => !draw('1').includes(clip)))).toBe(true);
    expect(PROTOCOLS['tess-random'].description).toContain('Leaks');
  });

  it('"all" takes whoever no part names', () => {
    const protocol = {
      kind: 'speakers',
      description: '',
      train: { tess: 'all' },
      validation: {},
      test: { tess: ['YAF'] },
    } as const;
    expect(speakersIn(splitBy(protocol, CLIPS, '1').train)).toEqual(new Set(['tess/OAF']));
  });

  it('refuse data in which a part finds nobody, and name whom they found', () => {
    expect(() => splitBy(PROTOCOLS.release, clipsOf('tess', ['OAF']), '1')).toThrow(
      /test part; speakers found: tess\/OAF/,
    );
  });
});
