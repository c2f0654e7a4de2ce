import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineOf } from '../../src/load/index.js';
import { Journal } from '../chaos/journal.js';
import { startInstallation } from './installation.js';
import { RAMP_SECONDS, startLoad } from './load.js';
import type { ProductionOptions } from './options.js';
import { readPanels } from './panels.js';
import { feltOf } from './recovery.js';
import { describeRun, isPassed, type ProductionRun } from './report.js';
import { takeSteps } from './steps.js';

/** Calls run, everything is restarted and broken in turn, and what was felt of it is told. @returns whether every promise was kept */
export async function runProduction(
  options: ProductionOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const journal = new Journal(join(options.runsFolder, `production-${Date.now()}`), print);
  journal.note('production', { ...options });
  const installation = await startInstallation(options, journal);
  const { workers, gateway, console } = installation;
  let run: ProductionRun;
  try {
    const load = startLoad(options, installation, journal.folder);
    journal.note('calls begin');
    await sleep(1000 * RAMP_SECONDS);
    const taken = await takeSteps(options, installation, journal);
    const report = await load.finish();
    const complaints = [...workers, gateway, console].flatMap((process) => process.complaints);
    const shown = await readPanels(installation.prometheus, taken);
    run = { options, report, felt: feltOf(report, taken), shown, complaints };
  } finally {
    await installation.close();
  }
  keep(join(journal.folder, 'production.json'), run);
  if (options.out !== null) keep(options.out, run);
  print(describeRun(run));
  return isPassed(run);
}

/** As the files of `bench/results` are. Paths of this machine stay out of it. */
function keep(file: string, { options, ...rest }: ProductionRun): void {
  const { program, runsFolder, out, ...said } = options;
  const results = { production: { options: said, ...rest } };
  const kept = { measuredAt: new Date().toISOString(), machine: machineOf(), results };
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
}
