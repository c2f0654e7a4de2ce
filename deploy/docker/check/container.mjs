import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { confinement } from './confine.mjs';

const START_TIMEOUT_MS = 60_000;

/** An image that {@link carryOut} made, run as a container engine would run it: its user, its variables alone, nothing to write to. */
export class Container {
  #image;
  #cwd;
  #confinement;

  constructor(image) {
    this.#image = image;
    this.#cwd = join(image.root, image.workdir);
    this.#confinement = confinement(image.root, image.user);
  }

  /** In words: what is kept from the process. */
  get how() {
    return this.#confinement.how;
  }

  /** `docker run IMAGE [args]`, to its end. */
  run(args = this.#image.cmd, env = {}) {
    return this.exec([...this.#image.entrypoint, ...args], env);
  }

  /** The HEALTHCHECK, as the engine runs it beside the process. */
  healthcheck(env) {
    return this.exec(this.#image.healthcheck, env);
  }

  /** `docker run IMAGE args` of a service: resolves once its output holds `sign`. */
  async start(args, env, sign) {
    const [program, ...rest] = this.#confinement.wrap([...this.#image.entrypoint, ...args]);
    const child = spawn(program, rest, { cwd: this.#cwd, env: this.#environment(env) });
    const exited = once(child, 'exit').then(([code, signal]) => code ?? signal);
    let output = '';
    const announced = new Promise((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (data) => {
          output += data;
          if (output.includes(sign)) resolve('announced');
        });
      }
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    const what = await Promise.race([announced, exited]);
    clearTimeout(timer);
    if (what !== 'announced') throw new Error(`it ended with ${what} before it said "${sign}":\n${output}`);
    return {
      kill: () => child.kill('SIGKILL'),
      /** @returns what SIGTERM ended it with: 0 where it drained */
      async stop() {
        child.kill('SIGTERM');
        return exited;
      },
    };
  }

  /** `docker exec`: any command, to its end. */
  exec(words, env) {
    const [program, ...args] = this.#confinement.wrap(words);
    const options = {
      cwd: this.#cwd,
      env: this.#environment(env),
      encoding: 'utf8',
      timeout: START_TIMEOUT_MS,
    };
    const { status, stdout, stderr } = spawnSync(program, args, options);
    return { status, output: `${stdout}${stderr}` };
  }

  #environment(env = {}) {
    return { PATH: process.env.PATH, ...this.#image.env, ...env };
  }
}
