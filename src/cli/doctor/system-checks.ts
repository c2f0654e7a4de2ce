import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, failed, ok } from './check.js';

const OLDEST_NODE = [20, 19] as const;
const NEWEST_MAJOR = 24;
/** Platforms for which onnxruntime and the picture library bring their native part. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

export function nodeCheck(version: string): Check {
  return {
    name: 'Node',
    required: true,
    neededFor: 'everything',
    run() {
      const [major = 0, minor = 0] = version.split('.').map(Number);
      const [oldestMajor, oldestMinor] = OLDEST_NODE;
      const isTooOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
      const range = `${OLDEST_NODE.join('.')} to ${NEWEST_MAJOR}`;
      if (isTooOld || major > NEWEST_MAJOR)
        return failed(`${version}; tested are ${range}`, 'Install Node 22 or 24.');
      return ok(version);
    },
  };
}

export function platformCheck(platform: string): Check {
  return {
    name: 'Platform',
    required: true,
    neededFor: 'the inference engine',
    run: () =>
      PLATFORMS.includes(platform)
        ? ok(platform)
        : failed(`${platform} has no onnxruntime`, `Use one of ${PLATFORMS.join(', ')}.`),
  };
}

/** @param root the checkout; an installed package has no sources and is always up to date */
export function buildCheck(root: string): Check {
  return {
    name: 'Build',
    required: true,
    neededFor: 'npx undertone in a clone',
    run() {
      const built = join(root, 'dist', 'cli', 'main.js');
      if (!existsSync(join(root, 'src'))) return ok('installed package');
      if (!existsSync(built)) return failed('dist/ is missing', 'npm run build');
      const isFresh = newestSourceMs(join(root, 'src')) <= statSync(built).mtimeMs;
      return isFresh ? ok('dist/ is up to date') : failed('dist/ is older than src/', 'npm run build');
    },
  };
}

function newestSourceMs(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = entries.filter(
    (name) => /\.(ts|js)$/.test(name) && !name.endsWith('.test.ts') && !/\bpage\b/.test(name),
  );
  return Math.max(0, ...sources.map((name) => statSync(join(folder, name)).mtimeMs));
}
