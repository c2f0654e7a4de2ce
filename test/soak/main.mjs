#!/usr/bin/env node
/** npm run soak: one process under 70 % of the calls that it bears, for an hour; is its memory flat, is a window lost? */
import { runHarness } from '../support/harness.mjs';

await runHarness(import.meta.url, 'run.ts', 'runSoak');
