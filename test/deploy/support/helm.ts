import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const HELM = fileURLToPath(new URL('../../../.cache/deploy-tools/bin/helm', import.meta.url));
/** Built by `go install`, helm does not know which Kubernetes it was made for. */
const KUBERNETES = ['--kube-version', '1.31.0'];
export const CHART = fileURLToPath(new URL('../../../deploy/helm/undertone', import.meta.url));

/** A manifest, as far as the tests look into it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own form, which the schemas judge.
  readonly [part: string]: any;
}

/** The value sets that come with the chart, by the name of their file. */
export const VALUE_SETS = readdirSync(join(CHART, 'ci'));
export const valuesFile = (name: string): string => join(CHART, 'ci', name);

/** `helm template` of a release named `undertone` in the namespace `calls`. */
export function render(values: string, ...settings: readonly string[]): readonly Manifest[] {
  const text = execFileSync(HELM, templateArguments(values, settings), { encoding: 'utf8' });
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** What helm says to values that it refuses; without a file, to the chart's own. */
export function refusal(values: string | undefined, ...settings: readonly string[]): string {
  const { status, stderr } = spawnSync(HELM, templateArguments(values, settings), { encoding: 'utf8' });
  if (status === 0) throw new Error(`helm takes ${settings.join(' ')}`);
  return stderr;
}

/** What `helm lint --strict` finds wrong; empty where nothing is. */
export function lintFindings(values: string): string {
  const { status, stdout, stderr } = spawnSync(
    HELM,
    ['lint', '--strict', ...KUBERNETES, '-f', valuesFile(values), CHART],
    { encoding: 'utf8' },
  );
  return status === 0 ? '' : stdout + stderr;
}

function templateArguments(values: string | undefined, settings: readonly string[]): string[] {
  const set = settings.flatMap((setting) => ['--set-json', setting]);
  const given = values === undefined ? set : ['-f', valuesFile(values), ...set];
  return ['template', 'undertone', CHART, '--namespace', 'calls', ...KUBERNETES, ...given];
}

export function ofKind(manifests: readonly Manifest[], ...kinds: readonly string[]): readonly Manifest[] {
  return manifests.filter(({ kind }) => kinds.includes(kind));
}

/** What runs pods: the three roles and the hook that makes topics. */
export const workloads = (manifests: readonly Manifest[]) =>
  ofKind(manifests, 'Deployment', 'StatefulSet', 'Job');
