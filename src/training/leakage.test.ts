import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preparedClip } from '../../test/support/prepared-clip.js';
import { refuseLeaks, speakerLeaks } from './leakage.js';

const clip = (speaker: string, id: string, sourceSha256 = id) =>
  preparedClip({ id, speaker: `tess/${speaker}`, sourceSha256 });

describe('leaks between the parts of a split', () => {
  it('are speakers in two parts, each named once', () => {
    const parts = {
      train: [clip('A', '1'), clip('B', '2')],
      validation: [],
      test: [clip('B', '3'), clip('B', '4')],
    };
    expect(speakerLeaks(parts)).toEqual([{ kind: 'speaker', what: 'tess/B', parts: ['train', 'test'] }]);
  });

  it('are identical recordings of two speakers, under all their names', () => {
    const parts = {
      train: [clip('A', '1', 'same')],
      validation: [clip('B', '2', 'same')],
      test: [clip('C', '3')],
    };
    expect(speakerLeaks(parts)).toEqual([
      { kind: 'recording', what: 'tess/1.wav = tess/2.wav', parts: ['train', 'validation'] },
    ]);
  });

  it('are copies of a recording that are not the same byte for byte', () => {
    const measured = (speaker: string, id: string, level: number) => {
      const envelope = Array.from({ length: 32 }, (_, i) => level - i / 10);
      const facts = { container: 'wav', sampleRateHz: 16000, channels: 1, sameChannels: false } as const;
      const recording = {
        ...facts,
        durationMs: 900,
        loudestDbfs: -9,
        clippedShare: 0,
        highBandDb: null,
        envelope,
      };
      return { ...clip(speaker, id), recording };
    };
    const parts = {
      train: [measured('A', '1', -20)],
      test: [measured('B', '2', -20.05), measured('C', '3', -25)],
    };
    expect(speakerLeaks(parts)).toEqual([
      { kind: 'recording', what: 'tess/1.wav = tess/2.wav', parts: ['train', 'test'] },
    ]);
  });

  it('are not twins inside a part, nor a second word on a speaker who leaks', () => {
    expect(
      speakerLeaks({ train: [clip('A', '1', 'same'), clip('A', '2', 'same')], test: [clip('B', '3')] }),
    ).toEqual([]);
    const twice = speakerLeaks({ train: [clip('A', '1', 'same')], test: [clip('A', '2', 'same')] });
    expect(twice.map(({ kind }) => kind)).toEqual(['speaker']);
  });

  it('are none exactly where no two parts share a speaker or a recording', () => {
    const some = fc.array(fc.record({ speaker: fc.nat(5), sha: fc.nat(8) }), { maxLength: 6 });
    void fc.assert(
      fc.property(some, some, (a, b) => {
        const of = (part: string, list: typeof a) =>
          list.map(({ speaker, sha }, i) => clip(String(speaker), `${part}${i}`, String(sha)));
        const leaks = speakerLeaks({ train: of('a', a), test: of('b', b) });
        const touch = a.some((x) => b.some((y) => x.speaker === y.speaker || x.sha === y.sha));
        expect(leaks.length > 0).toBe(touch);
      }),
    );
  });

  it('end the work, with the first of them', () => {
    const speakers = ['A', 'B', 'C', 'D', 'E'];
    const parts = {
      train: speakers.map((s) => clip(s, `${s}1`)),
      test: speakers.map((s) => clip(s, `${s}2`)),
    };
    expect(() => refuseLeaks(parts, 'protocol mine')).toThrow(
      /UT_TRAINING_LEAK at protocol mine: speaker tess\/A in train and test; .*tess\/C in train and test, and 2 more\./,
    );
    expect(() => refuseLeaks({ train: parts.train, test: [] }, 'protocol mine')).not.toThrow();
  });
});
