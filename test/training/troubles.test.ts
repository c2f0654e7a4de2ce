import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareCorpus } from '../../src/training/index.js';
import { plantBuzzCorpus } from '../support/buzz-corpus.js';
import { describeWith } from '../support/requirements.js';

const BUILT = fileURLToPath(new URL('../../dist/', import.meta.url));

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'undertone-troubles-'));
});
afterAll(() => rm(root, { recursive: true }));

it('without room the old file stays, and no half of the new one', async () => {
  const path = join(root, 'room', 'a.txt');
  const script = `
    import { mkdir } from 'node:fs/promises';
    import { writeFileAtomically } from ${JSON.stringify(join(BUILT, 'training/files.js'))};
    await mkdir(${JSON.stringify(join(root, 'room'))});
    await writeFileAtomically(${JSON.stringify(path)}, 'old');
    await writeFileAtomically(${JSON.stringify(path)}, Buffer.alloc(1e6)).catch((error) => console.log(error.code));`;
  const file = join(root, 'write.mjs');
  await writeFile(file, script);
  // A limit on the size of files is the full disk that any user can have.
  const { stdout } = await promisify(execFile)('bash', [
    '-c',
    `ulimit -f 8; exec "${process.execPath}" "${file}"`,
  ]);
  expect(stdout.trim()).toBe('UT_TRAINING_CANNOT_WRITE');
  expect([await readFile(path, 'utf8'), await readdir(join(root, 'room'))]).toEqual(['old', ['a.txt']]);
});

describeWith(['tfjs'], 'training on the command line', () => {
  it('ends at Ctrl-C, says what is saved, and goes on with the same command', {
    timeout: 180_000,
  }, async () => {
    await plantBuzzCorpus(join(root, 'tess'));
    await prepareCorpus({
      corpus: 'tess',
      corpusFolder: join(root, 'tess'),
      out: join(root, 'data'),
      variants: 0,
      threads: 0,
    });
    const flags = '--protocol tess-random --width 0.0625 --batch-size 8 --name model --run run --out bundle';
    const train = (epochs: number, interruptAfter: string | null) =>
      undertone(`train data ${flags} --epochs ${epochs}`.split(' '), interruptAfter);
    const stopped = await train(500, 'epoch 2/500');
    expect(stopped.code).toBe(1);
    expect(stopped.output).toMatch(
      /UT_TRAINING_INTERRUPTED[\s\S]*after epoch \d+, which is saved[\s\S]*same command/,
    );
    const saved = Number(/after epoch (\d+)/.exec(stopped.output)![1]);
    const again = await train(500, `epoch ${saved + 1}/500`);
    expect(again.output).not.toContain('epoch 1/500');
    expect(again.output).toContain(`epoch ${saved + 1}/500`);
  });
});

/** Runs the built program in the test's folder; sends SIGINT once its output holds a text. */
function undertone(
  args: readonly string[],
  interruptAfter: string | null,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(BUILT, 'cli/main.js'), ...args], { cwd: root });
  let output = '';
  let interrupted = false;
  const hear = (chunk: Buffer) => {
    output += chunk.toString();
    if (interrupted || interruptAfter === null || !output.includes(interruptAfter)) return;
    interrupted = true;
    child.kill('SIGINT');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, output })));
}
