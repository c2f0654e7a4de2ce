#!/usr/bin/env node
/**
 * Brings what the tests of `deploy/` judge by, through the Go module proxy, into `.cache/deploy-tools`: helm, the loader of the
 * Compose specification, and the schemas of the resources that KEDA and the Prometheus operator add to Kubernetes. Compiling
 * takes some minutes of processor time. Run again, it does nothing unless the versions changed.
 *
 *   node scripts/setup-deploy-tools.mjs            create or update
 *   node scripts/setup-deploy-tools.mjs --check    exit code 0 when ready, 1 when not; changes nothing
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAMS = [
  { name: 'helm', from: 'helm.sh/helm/v3/cmd/helm@v3.19.0' },
  { name: 'compose-spec', from: 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2' },
];
const SCHEMAS = [
  {
    from: 'github.com/kedacore/keda/v2@v2.20.2',
    files: ['config/crd/bases/keda.sh_scaledobjects.yaml'],
  },
  {
    from: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    files: ['servicemonitors', 'prometheusrules'].map(
      (kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`,
    ),
  },
];

const home = join(fileURLToPath(new URL('..', import.meta.url)), '.cache', 'deploy-tools');
const bin = join(home, 'bin');
const stampFile = join(home, 'undertone-stamp');
const stamp = JSON.stringify([PROGRAMS, SCHEMAS]);

const say = (text) => console.log(`setup-deploy-tools: ${text}`);

function fail(text) {
  console.error(`setup-deploy-tools: ${text}`);
  process.exit(1);
}

const isReady = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;

function go(...args) {
  const env = { ...process.env, GOBIN: bin };
  const { error, status, stdout, stderr } = spawnSync('go', args, {
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error) fail('needs Go 1.24 or later (https://go.dev/dl).');
  if (status !== 0)
    fail(`go ${args.join(' ')} ended with ${status}:\n${stderr.split('\n').slice(-15).join('\n')}`);
  return stdout;
}

/** Go names a program after the folder of its source. */
function build({ name, from }) {
  say(`building ${name} (${from})`);
  go('install', from);
  const built = from.split('/').at(-1).split('@')[0];
  if (built !== name) renameSync(join(bin, built), join(bin, name));
}

function fetchSchemas({ from, files }) {
  say(`fetching schemas of ${from}`);
  const { Dir: folder } = JSON.parse(go('mod', 'download', '-json', from));
  for (const file of files) cpSync(join(folder, file), join(home, 'crds', file.split('/').at(-1)));
}

if (isReady()) say(`ready in ${home}`);
else if (process.argv.includes('--check')) fail('not set up; run: node scripts/setup-deploy-tools.mjs');
else {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true });
  for (const schema of SCHEMAS) fetchSchemas(schema);
  for (const program of PROGRAMS) build(program);
  writeFileSync(stampFile, stamp);
  say('ready');
}
