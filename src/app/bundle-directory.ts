import { fileURLToPath } from 'node:url';
import type { ModelConfig } from '../config/index.js';

/** The bundle that comes with Undertone. */
const SHIPPED_BUNDLE = 'vgg16-quarter';

/** Folder of the bundle that is configured. Relative paths start where the program was started. */
export function bundleDirectory({ bundle }: ModelConfig): string {
  return bundle ?? fileURLToPath(new URL(`../../models/${SHIPPED_BUNDLE}`, import.meta.url));
}
