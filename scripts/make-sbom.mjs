#!/usr/bin/env node
/**
 * Prints the software bill of materials of what is served, CycloneDX 1.5 as JSON: each npm package of an installation without
 * development and optional packages, with version, licence and hash, by the lock file. The image carries it as
 * `dist/sbom.cdx.json`.
 *
 *   node scripts/make-sbom.mjs > sbom.cdx.json
 *
 * `npm sbom --omit=dev` would leave out what serving and development have in common; so npm is shown a package that has
 * no development.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function npm(cwd, ...args) {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status === 0) return stdout;
  console.error(`make-sbom: npm ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return process.exit(1);
}

function servedPackage() {
  const { dependencies, name, version, description, license } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return { name, version, description, license, private: true, dependencies };
}

const folder = mkdtempSync(join(tmpdir(), 'undertone-sbom-'));
try {
  const home = join(folder, 'undertone');
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), JSON.stringify(servedPackage()));
  for (const name of ['package-lock.json', '.npmrc']) cpSync(join(root, name), join(home, name));
  npm(home, 'prune', '--package-lock-only', '--ignore-scripts');
  process.stdout.write(npm(home, 'sbom', '--package-lock-only', '--sbom-format=cyclonedx'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
