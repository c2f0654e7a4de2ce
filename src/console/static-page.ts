import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { UndertoneError } from '../errors.js';

/** Where `npm run build:console` puts the page, seen from `src/console` and from `dist/console` alike. */
export const DEFAULT_PAGE_DIR = fileURLToPath(new URL('../../dist/console/page', import.meta.url));

/** Everything comes from this origin; nothing inline, nothing evaluated, no frame around it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of everything the console answers. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Serves the built page. Names of assets carry a hash of their content, so they are kept for ever; the page is not. */
export function registerPage(http: FastifyInstance, pageDir: string): void {
  if (!existsSync(join(pageDir, 'index.html'))) {
    http.get('/', () => {
      throw new UndertoneError('UT_CONSOLE_PAGE_NOT_BUILT', 'No index.html there.', { place: pageDir });
    });
    return;
  }
  http.register(fastifyStatic, {
    root: pageDir,
    wildcard: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      const isAsset = path.includes('/assets/');
      response.setHeader('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
