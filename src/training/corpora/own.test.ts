import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clipIds } from './clip-ids.js';
import { type CorpusSource, readCorpus } from './index.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-own-'));
});
afterEach(() => rm(root, { recursive: true }));

async function plant(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), '');
  }
}

/** A listing without the doubts about who speaks, which are tested where they are found. */
async function listing(source: CorpusSource) {
  const { findings, ...rest } = await readCorpus(source);
  return { ...rest, findings: findings.filter(({ kind }) => kind !== 'unknown-speaker') };
}

describe('own recordings in folders', () => {
  const read = () => listing({ corpus: 'my-calls', layout: 'folders', path: root });

  it('take the label from the first folder, the speaker from the second or from the name', async () => {
    await plant('angry/anna_1.wav', 'Angry/ben/2.wav', 'calm/carla/march/3.flac', 'sad/call-4.wav');
    const { clips, findings } = await read();
    expect(findings).toEqual([]);
    expect(clips.map(({ label, speaker, corpus, language }) => [label, speaker, corpus, language])).toEqual([
      ['angry', 'my-calls/ben', 'my-calls', 'und'],
      ['angry', 'my-calls/anna', 'my-calls', 'und'],
      ['calm', 'my-calls/carla', 'my-calls', 'und'],
      ['sad', 'my-calls/call-4', 'my-calls', 'und'],
    ]);
  });

  it('name what is left out, and the label that was probably meant', async () => {
    await plant('angry/anna_1.wav', 'angryy/anna_2.wav', 'loose.wav', 'sad/_3.wav');
    const { clips, findings } = await read();
    expect(clips.length).toBe(1);
    expect(findings.map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
      expect.stringMatching(/^left-out: "angryy" is no label; .*Did you mean "angry"\?$/),
      expect.stringMatching(/^left-out: it lies in no folder/),
      expect.stringMatching(/^left-out: its name begins with "_"/),
    ]);
  });

  it('doubt a name that says another label', async () => {
    await plant('angry/anna_sad_1.wav', 'angry/anna_sadder_2.wav', 'angry/anna_angry_sad_3.wav');
    const { findings } = await read();
    expect(findings).toEqual([
      {
        file: join(root, 'angry/anna_sad_1.wav'),
        kind: 'doubtful-label',
        detail: expect.stringContaining('"sad"'),
      },
    ]);
  });

  it('may be links to files', async () => {
    await plant('elsewhere.wav', 'angry/anna_1.wav');
    await symlink(join(root, 'elsewhere.wav'), join(root, 'angry/anna_2.wav'));
    await rm(join(root, 'elsewhere.wav'));
    await symlink(join(root, 'angry'), join(root, 'angry/folder.wav'));
    expect((await read()).clips.length).toBe(2);
  });
});

describe('own recordings in a manifest', () => {
  const path = () => join(root, 'calls.csv');
  const read = async (text: string) => {
    await writeFile(path(), text);
    return listing({ corpus: 'my-calls', layout: 'csv', path: path() });
  };

  it('are read with quotes, line breaks, a byte order mark and columns in any order', async () => {
    await plant('a, b.wav', 'sub/ü "x".wav');
    const {
      clips,
      findings,
      root: folder,
    } = await read(
      '\uFEFFlabel,Path,language,speaker\r\nsad,"a, b.wav",de, anna \r\n\r\nExcitement,"sub/ü ""x"".wav",,ben\r\n',
    );
    expect(findings).toEqual([]);
    expect(folder).toBe(root);
    expect(clips.map(({ label, speaker, language, path: file }) => [label, speaker, language, file])).toEqual(
      [
        ['sad', 'my-calls/anna', 'de', join(root, 'a, b.wav')],
        ['excitement', 'my-calls/ben', 'und', join(root, 'sub/ü "x".wav')],
      ],
    );
  });

  it.each([';', '\t'])('are separated by %j too', async (sign) => {
    await plant('a.wav');
    const { clips } = await read(`path${sign}label${sign}speaker\na.wav${sign}sad${sign}anna, of Ulm\n`);
    expect(clips).toMatchObject([{ label: 'sad', speaker: 'my-calls/anna, of Ulm' }]);
  });

  it('name what is left out, with the line', async () => {
    await plant('a.wav', 'b.wav');
    const text =
      'path,label,language\n"a.wav",sad,en\nb.wav,hapy,en\nc.wav,sad,en\nb.wav,sad,deutsch\n,sad,en\na.wav,sad,en\n';
    const { clips, findings } = await read(text);
    expect(clips.length).toBe(1);
    expect(findings.map(({ file, kind, detail }) => `${file.split(':').at(-1)} ${kind}: ${detail}`)).toEqual([
      expect.stringMatching(/^3 left-out: "hapy" is no label; .*"happy"\?$/),
      '4 left-out: there is no file c.wav.',
      expect.stringMatching(/^5 left-out: "deutsch" is no language code/),
      '6 left-out: it names no recording.',
      expect.stringMatching(/^7 left-out: a.wav is listed already, in the same words/),
    ]);
  });

  it('contradict themselves where a recording has two labels', async () => {
    await plant('a.wav');
    const { findings } = await read('path,label\na.wav,sad\n./a.wav,happy\n');
    expect(findings).toEqual([
      { file: `${path()}:3`, kind: 'contradiction', detail: expect.stringContaining('a.wav is listed') },
    ]);
  });

  it('say which columns mean nothing', async () => {
    await plant('a.wav');
    const { findings } = await read('path,label,speakers\na.wav,sad,anna\n');
    expect(findings).toEqual([
      {
        file: `${path()}:1`,
        kind: 'ignored-column',
        detail: expect.stringContaining('Did you mean "speaker"?'),
      },
    ]);
  });

  it.each([
    ['path,emotion\na.wav,sad\n', ':1', /no column "label"; it names: path, emotion/],
    ['paths,label\na.wav,sad\n', ':1', /no column "path" \("paths" is not understood\)/],
    ['path,label\na.wav,sad\na.wav,sad,anna\n', ':3', /got 3/],
    ['path,label\n"a.wav,sad\n', ':2', /Quote Not Closed/],
    ['path,label\n', '', /lists no recording/],
    ['path,label\nx.wav,sad\n', '', /none of its 1 lines can be used; .*calls.csv:2: there is no file x.wav/],
    ['', '', /lists no recording/],
  ])('are refused: %j', async (text, place, message) => {
    await plant('a.wav');
    await expect(read(text)).rejects.toMatchObject({
      code: 'UT_TRAINING_BAD_CORPUS',
      place: `${path()}${place}`,
      message: expect.stringMatching(message),
    });
  });

  it('are refused where there is no manifest', async () => {
    const reading = readCorpus({ corpus: 'my-calls', layout: 'csv', path: path() });
    await expect(reading).rejects.toMatchObject({ code: 'UT_TRAINING_BAD_CORPUS', place: path() });
    const folder = listing({ corpus: 'my-calls', layout: 'csv', path: root });
    await expect(folder).rejects.toThrow(/a folder, not a file.*NAME=folders:FOLDER/);
  });
});

describe('ids of clips', () => {
  it('tell apart what sanitised names would not, and leave other names as they are', () => {
    const ids = clipIds(['a/b.wav', 'ä.wav', 'ö.wav', 'c.wav', 'C.flac']);
    expect(ids.get('a/b.wav')).toBe('a__b');
    expect(ids.get('ä.wav')).toMatch(/^_-[0-9a-f]{8}$/);
    expect(new Set([...ids.values()].map((id) => id.toLowerCase())).size).toBe(5);
  });

  it('do not depend on the order, and are file names', () => {
    const path = fc.array(fc.constantFrom('a', 'A', '_', '/', 'é', '.wav', '.flac', ' '), { minLength: 1 });
    const paths = fc.uniqueArray(
      path.map((parts) => parts.join('')),
      { maxLength: 8 },
    );
    void fc.assert(
      fc.property(paths, (some) => {
        const [forward, backward] = [clipIds(some), clipIds([...some].reverse())];
        for (const one of some) expect(forward.get(one)).toBe(backward.get(one));
        const ids = [...forward.values()].map((id) => id.toLowerCase());
        expect(new Set(ids).size).toBe(some.length);
        expect(ids.every((id) => /^[\w.-]*$/.test(id))).toBe(true);
      }),
    );
  });
});
