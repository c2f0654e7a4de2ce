import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LOADER = fileURLToPath(new URL('../../../.cache/deploy-tools/bin/compose-spec', import.meta.url));
export const COMPOSE = fileURLToPath(new URL('../../../deploy/compose', import.meta.url));
/** What docs/install.md has put into `.env`. */
export const SECRETS = {
  CONSOLE_TOKEN: 'token-of-the-console',
  FEED_TOKEN: 'token-of-the-feeds-1',
  GRAFANA_PASSWORD: 'password-of-grafana',
};

/** A service as the loader of the specification hands it to an engine, as far as the tests look into it. */
export interface Service {
  readonly image: string;
  readonly command: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly host_ip?: string; readonly target: number }[];
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly mem_limit?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface Project {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** What the specification's own loader makes of compose.yaml: it judges syntax, schema and consistency. */
export function loadProject(): Project {
  const { status, stdout, stderr } = runLoader('--no-interpolation');
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(interpolated(stdout)) as Project;
}

/** What it says where no variable is set. */
export const complaintWithoutVariables = (): string => runLoader().stderr;

function runLoader(...flags: readonly string[]) {
  const env = { PATH: process.env.PATH, COMPOSE_PROFILES: '*' };
  return spawnSync(LOADER, ['--format', 'json', ...flags, 'compose.yaml'], {
    cwd: COMPOSE,
    env,
    encoding: 'utf8',
  });
}

/** `${NAME:?words}` and `${NAME:-default}`; the program around the loader hands it no variables. */
function interpolated(text: string): string {
  return text.replace(/\$\{(\w+):([?-])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    const value = (SECRETS as Readonly<Record<string, string>>)[name] ?? (kind === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`No value for ${name}.`);
    return value;
  });
}

export const fileOf = (name: string): string => join(COMPOSE, name);
