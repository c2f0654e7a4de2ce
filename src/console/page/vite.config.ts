import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where `npx vite src/console/page` finds a running console to develop against. */
const CONSOLE = process.env.UNDERTONE_CONSOLE_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: here('.'),
  build: {
    outDir: here('../../../dist/console/page'),
    emptyOutDir: true,
    target: 'es2022',
    // The page's Content-Security-Policy knows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': CONSOLE, '/v1': { target: CONSOLE, ws: true } } },
});
