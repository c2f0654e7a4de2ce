import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { replay } from '../../src/replay/index.js';
import { endedCall } from '../support/api.js';
import { startProgram } from '../support/program.js';

const CALL = fileURLToPath(new URL('../../demo/lost-parcel.wav', import.meta.url));
/** Linux: every write to it finds the disk full. */
const FULL = '/dev/full';

it.skipIf(!existsSync(FULL))(
  'a log that can not be written costs no call, and the process ends as it is told to',
  async () => {
    const log = openSync(FULL, 'w');
    const patient = ['gateway.maxMessagesPerSecond=5000', 'worker.overload.maxDelayMs=60000'];
    const program = await startProgram(['log.level=debug', ...patient], log);
    closeSync(log);
    const url = program.url.replace('http', 'ws');
    const [call] = await replay({ files: [CALL], feed: 'generic', url, speed: 20, callIdPrefix: 'full' });
    const summary = await endedCall(program.url, call!.callId, 60_000);
    expect(summary.legs.customer!.windows).toBeGreaterThan(10);
    expect((await fetch(`${program.url}/health/live`)).status).toBe(200);
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).toMatch(/^undertone_log_lines_lost_total [1-9]/m);
    expect(await program.stop()).toBe(0);
  },
  120_000,
);
