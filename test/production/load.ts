import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadReport } from '../../src/load/index.js';
import { guardProcess, releaseProcess } from '../support/servers/guard.js';
import type { Installation } from './installation.js';
import type { ProductionOptions } from './options.js';

/** Calls begin spread over so long. */
export const RAMP_SECONDS = 20;

export interface Load {
  /** Ends the calls in good order and gives the report. */
  finish(): Promise<LoadReport>;
}

/** `undertone bench load` in a process of its own, which sees the results on the topic: nobody's restart blinds it. */
export function startLoad(options: ProductionOptions, installation: Installation, folder: string): Load {
  const out = join(folder, 'load.json');
  const flags = {
    '--calls': options.calls,
    '--feed': 'twilio',
    '--url': installation.feedUrl,
    '--results': 'kafka',
    '--ramp': `${RAMP_SECONDS}s`,
    '--duration': '24h',
    '--grace': '30s',
    '--out': out,
  };
  const settings = installation.kafkaSettings.flatMap((setting) => ['--set', setting]);
  const args = [
    options.program,
    ...settings,
    'bench',
    'load',
    ...Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]),
    '--metrics',
    ...installation.metricsUrls,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) guardProcess(child.pid);
  const log = createWriteStream(join(folder, 'load.log'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    async finish() {
      child.kill('SIGINT');
      await exited;
      if (child.pid !== undefined) releaseProcess(child.pid);
      const kept = JSON.parse(readFileSync(out, 'utf8')) as { results: { load: LoadReport } };
      return kept.results.load;
    },
  };
}
