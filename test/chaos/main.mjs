#!/usr/bin/env node
/** npm run chaos: torments real workers, brokers and Redis, and compares what they wrote with an undisturbed run. */
import { runHarness } from '../support/harness.mjs';

await runHarness(import.meta.url, 'run.ts', 'runChaos');
