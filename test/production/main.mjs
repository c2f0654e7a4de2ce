#!/usr/bin/env node
/** npm run production: a whole installation under calls, restarted and broken step by step. */
import { runHarness } from '../support/harness.mjs';

await runHarness(import.meta.url, 'run.ts', 'runProduction');
