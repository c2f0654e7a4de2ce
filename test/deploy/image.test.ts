import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { carryOut } from '../../deploy/docker/check/carry-out.mjs';
import { stagesOf } from '../../deploy/docker/check/stages.mjs';
import { describeWith } from '../support/requirements.js';
import { guardedFolder } from '../support/servers/guard.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCKERFILE = join(ROOT, 'deploy', 'docker', 'Dockerfile');
const HADOLINT = join(ROOT, '.cache', 'python', 'bin', 'hadolint');

describeWith(['python'], 'the Dockerfile', () => {
  it('pleases hadolint', () => {
    const args = ['--failure-threshold', 'style', DOCKERFILE];
    const { status, stdout } = spawnSync(HADOLINT, args, { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

describe('the image', () => {
  it('has bases that are pinned by version, and no root', () => {
    const stages = stagesOf(readFileSync(DOCKERFILE, 'utf8'));
    const names = stages.map(({ name }) => name);
    const bases = stages.map(({ from }) => from).filter((from) => !names.includes(from));
    for (const base of bases) expect(base).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
    for (const target of ['undertone', 'undertone-rdkafka']) {
      const { instructions } = stages.find(({ name }) => name === target)!;
      const users = instructions.filter((instruction) => instruction.getKeyword() === 'USER');
      expect(users.at(-1)!.getArgumentsContent(), target).toBe('1000:1000');
    }
  });

  it('is made by its steps in a clean folder, starts without write access, hears calls and ends with 0', () => {
    const script = join(ROOT, 'deploy', 'docker', 'check.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toContain('the image holds');
    expect(status).toBe(0);
  }, 900_000);
});

describe('carrying a Dockerfile out', () => {
  let context: string;
  let folder: string;
  beforeEach(() => {
    context = guardedFolder('context');
    folder = guardedFolder('stages');
    mkdirSync(join(context, 'code'));
    writeFileSync(join(context, 'code', 'main.js'), 'main');
    writeFileSync(join(context, 'LICENSE'), 'terms');
  });

  const run = (...lines: readonly string[]) =>
    carryOut({ dockerfile: lines.join('\n'), context, target: 'image', folder, say: () => undefined });

  it('copies as Docker does, runs in the working directory, and keeps how the image is started', () => {
    const image = run(
      'ARG BASE=node:20',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an argument of the Dockerfile.
      'FROM ${BASE} AS build',
      'WORKDIR /app',
      'COPY code ./code',
      'RUN cp code/main.js made.js \\',
      '    && echo "$NAME" > name',
      'FROM node:20 AS image',
      'ENV NAME=undertone',
      'WORKDIR /app',
      'COPY --from=build /app/made.js ./lib/',
      'COPY LICENSE code/main.js ./',
      'RUN echo "$NAME" > name',
      'USER 1000:1000',
      'HEALTHCHECK --interval=1s CMD ["node", "health.mjs"]',
      'ENTRYPOINT ["node", "main.js"]',
      'CMD ["start"]',
    );
    const text = (path: string) => readFileSync(join(image.root, 'app', path), 'utf8').trim();
    expect([text('lib/made.js'), text('LICENSE'), text('main.js'), text('name')]).toEqual([
      'main',
      'terms',
      'main',
      'undertone',
    ]);
    expect(existsSync(join(image.root, 'app', 'code'))).toBe(false);
    expect(image).toMatchObject({
      user: '1000:1000',
      entrypoint: ['node', 'main.js'],
      cmd: ['start'],
      healthcheck: ['node', 'health.mjs'],
    });
  });

  it.each([
    ['COPY nothing ./', 'there is no such thing in the context'],
    ['COPY --from=image2 /app ./', 'there is no stage image2'],
    ['RUN false', 'RUN false ended with 1'],
    ['RUN echo > /etc/undertone', 'names a place outside of its folder'],
    ['CMD node main.js', 'is not in exec form'],
    ['ADD code ./', 'ADD is not known here'],
  ])('%s: refused', (line, complaint) => {
    expect(() => run('FROM node:20 AS image', 'WORKDIR /app', line)).toThrow(complaint);
  });

  it('leaves Debian packages to the base image', () => {
    expect(() => run('FROM node:20 AS image', 'WORKDIR /app', 'RUN apt-get install nothing')).not.toThrow();
  });
});
