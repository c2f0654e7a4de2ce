import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Space that a folder takes, in millions of bytes, rounded. */
export function megabytes(folder) {
  return Math.round(bytesOf(folder) / 1e6);
}

function bytesOf(path) {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

/** `name@version` of every package below a `node_modules`, sorted. */
export function installedPackages(modules) {
  return packagesIn(modules).sort();
}

function packagesIn(modules) {
  if (!existsSync(modules)) return [];
  return readdirSync(modules).flatMap((name) => {
    if (name.startsWith('.')) return [];
    if (name.startsWith('@')) return packagesIn(join(modules, name));
    const { name: own, version } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
    return [`${own}@${version}`, ...packagesIn(join(modules, name, 'node_modules'))];
  });
}

/** `name@version` of every package that a CycloneDX document lists, sorted. */
export function listedPackages(file) {
  const { components } = JSON.parse(readFileSync(file, 'utf8'));
  return components.map(({ name, version }) => `${name}@${version}`).sort();
}
