import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execForm, pairsOf, stagesOf } from './stages.mjs';

/**
 * @typedef {object} Image
 * @property {string} root      folder that is `/` of the container, without the base image
 * @property {string} workdir   `/undertone`
 * @property {Record<string, string>} env
 * @property {string} user      `uid:gid`
 * @property {string[]} entrypoint
 * @property {string[]} cmd
 * @property {string[]} healthcheck
 */

/** Named by a RUN, these paths would lead out of the folder that stands for the container. */
const ABSOLUTE_PATH = /(^|[\s"'=:])\/(?!dev\/null)/;
/** Packages of the base image's Debian: nothing is installed on the machine that carries this out. */
const DEBIAN_STEP = /^apt-get /;

/**
 * Carries out the steps of a Dockerfile's target in plain folders, with the programs of this machine in the place of the
 * base image's.
 * @param {{ dockerfile: string, context: string, target: string, folder: string, say: (line: string) => void }} order
 * @returns {Image}
 */
export function carryOut({ dockerfile, context, target, folder, say }) {
  const stages = stagesOf(dockerfile);
  const images = new Map();
  const imageOf = (name) => {
    const stage = stages.find((one) => one.name === name);
    if (stage === undefined) throw new Error(`there is no stage ${name}`);
    if (!images.has(name)) images.set(name, buildStage(stage));
    return images.get(name);
  };
  const buildStage = (stage) => {
    const root = join(folder, stage.name);
    const image = { ...baseOf(stage, root), root };
    for (const instruction of stage.instructions) {
      const keyword = instruction.getKeyword();
      const step = STEPS[keyword];
      if (step === undefined) throw new Error(`${keyword} is not known here (stage ${stage.name})`);
      step(image, instruction, { context, imageOf, say });
    }
    return image;
  };
  const baseOf = (stage, root) => {
    mkdirSync(root, { recursive: true });
    if (!stages.some(({ name }) => name === stage.from)) return emptyImage();
    const base = imageOf(stage.from);
    cpSync(base.root, root, { recursive: true, verbatimSymlinks: true });
    return base;
  };
  return imageOf(target);
}

const emptyImage = () => ({ workdir: '/', env: {}, user: '0:0', entrypoint: [], cmd: [], healthcheck: [] });

const STEPS = {
  LABEL: () => undefined,
  EXPOSE: () => undefined,
  ENV: (image, instruction) => {
    image.env = { ...image.env, ...pairsOf(instruction) };
  },
  USER: (image, instruction) => {
    image.user = instruction.getArgumentsContent();
  },
  WORKDIR: (image, instruction) => {
    image.workdir = instruction.getArgumentsContent();
    mkdirSync(placeOf(image), { recursive: true });
  },
  ENTRYPOINT: (image, instruction) => {
    image.entrypoint = execForm(instruction);
  },
  CMD: (image, instruction) => {
    image.cmd = execForm(instruction);
  },
  HEALTHCHECK: (image, instruction) => {
    image.healthcheck = execForm(instruction);
  },
  COPY: copyStep,
  RUN: runStep,
};

const placeOf = ({ root, workdir }) => join(root, workdir);

function copyStep(image, instruction, { context, imageOf, say }) {
  const words = instruction.getExpandedArguments().map((word) => word.getValue());
  const from = instruction
    .getFlags()
    .find((flag) => flag.getName() === 'from')
    ?.getValue();
  const sources = words.slice(0, -1);
  const target = join(placeOf(image), words.at(-1));
  const isFolder = sources.length > 1 || words.at(-1).endsWith('/');
  say(`COPY ${words.join(' ')}${from === undefined ? '' : ` (from ${from})`}`);
  for (const source of sources) {
    const path = join(from === undefined ? context : imageOf(from).root, source);
    if (!existsSync(path))
      throw new Error(`COPY ${source}: there is no such thing in ${from ?? 'the context'}`);
    const into = isFolder && statSync(path).isFile() ? join(target, basename(source)) : target;
    cpSync(path, into, { recursive: true, verbatimSymlinks: true });
  }
}

function runStep(image, instruction, { say }) {
  const command = instruction.getArgumentsContent();
  if (DEBIAN_STEP.test(command)) {
    say(`left to the base image: ${command}`);
    return;
  }
  if (ABSOLUTE_PATH.test(command)) throw new Error(`RUN names a place outside of its folder: ${command}`);
  say(`RUN ${command}`);
  const env = { ...withoutNpmScript(process.env), ...image.env };
  const options = { cwd: placeOf(image), env, encoding: 'utf8', maxBuffer: 2 ** 26 };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], options);
  if (status !== 0)
    throw new Error(`RUN ${command} ended with ${status}:\n${stdout}${stderr}`.slice(0, 4000));
}

/** A Docker build does not run inside of `npm test`. */
function withoutNpmScript(env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(npm_(package|lifecycle|config_local_prefix)|NODE_|VITEST)/.test(name),
    ),
  );
}
