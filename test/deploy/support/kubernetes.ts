import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import type { Manifest } from './helm.js';

const VALIDATOR = fileURLToPath(new URL('../../../.cache/python/bin/python', import.meta.url));
const CRDS = fileURLToPath(new URL('../../../.cache/deploy-tools/crds', import.meta.url));

/** Groups of Kubernetes itself; the others are defined by what is installed beside. */
const isBuiltIn = ({ apiVersion }: Manifest) =>
  !apiVersion.includes('.') || /^[\w.]+\.k8s\.io\//.test(apiVersion);

/** What the schemas of Kubernetes `version` (such as `1.27`), strictly taken, and of the custom resources find wrong. */
export function schemaFindings(manifests: readonly Manifest[], version: string): string {
  const custom = manifests.filter((manifest) => !isBuiltIn(manifest)).map(customFindings);
  return builtInFindings(manifests.filter(isBuiltIn), version) + custom.join('');
}

function builtInFindings(manifests: readonly Manifest[], version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-manifests-'));
  try {
    const files = manifests.map((manifest, index) => {
      const file = join(folder, `${index}-${manifest.kind}-${manifest.metadata.name}.json`);
      writeFileSync(file, JSON.stringify(manifest));
      return file;
    });
    const args = ['-m', 'kubernetes_validate', '--strict', '-k', version, '--quiet', ...files];
    const { status, stdout, stderr } = spawnSync(VALIDATOR, args, { encoding: 'utf8' });
    return status === 0 ? '' : stdout + stderr || `kubernetes-validate ended with ${status}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface CustomResource {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { openAPIV3Schema: object } }[];
  };
}

let validators: ReadonlyMap<string, ValidateFunction> | undefined;

/** A validator for `group/version kind` of every definition that scripts/setup-deploy-tools.mjs has brought. */
function customValidators(): ReadonlyMap<string, ValidateFunction> {
  if (validators !== undefined) return validators;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const definitions = readdirSync(CRDS).map(
    (file) => parse(readFileSync(join(CRDS, file), 'utf8')) as CustomResource,
  );
  validators = new Map(
    definitions.flatMap(({ spec }) =>
      spec.versions.map((version) => [
        `${spec.group}/${version.name} ${spec.names.kind}`,
        ajv.compile(closed(version.schema.openAPIV3Schema)),
      ]),
    ),
  );
  return validators;
}

/** Kubernetes silently drops what a definition does not name; here that is a finding. Patterns that only Go reads are left out. */
// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema of any form.
function closed(schema: any): any {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(
    ([key, value]) => key !== 'pattern' || !`${value}`.includes('(?i)'),
  );
  const members = Object.fromEntries(entries.map(([key, value]) => [key, closed(value)]));
  const isOpen =
    schema.type !== 'object' ||
    schema.properties === undefined ||
    schema.additionalProperties !== undefined ||
    schema['x-kubernetes-preserve-unknown-fields'] === true;
  return isOpen ? members : { ...members, additionalProperties: false };
}

function customFindings(manifest: Manifest): string {
  const name = `${manifest.apiVersion} ${manifest.kind}`;
  const validate = customValidators().get(name);
  if (validate === undefined) return `no definition of ${name}\n`;
  // `metadata` is the object of Kubernetes, which definitions leave out.
  const { metadata: _, ...rest } = manifest;
  if (validate({ ...rest, metadata: {} })) return '';
  return (validate.errors ?? []).map((error) => `${name} ${error.instancePath} ${error.message}\n`).join('');
}
