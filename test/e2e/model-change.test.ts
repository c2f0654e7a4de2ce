import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { replay } from '../../src/replay/index.js';
import { endedCall, eventually, pointsOf } from '../support/api.js';
import { writeTestBundle } from '../support/bundle.js';
import { type RunningProgram, startProgram } from '../support/program.js';

const CALL = fileURLToPath(new URL('../../demo/lost-parcel.wav', import.meta.url));
const WITHIN_MS = 60_000;

describe('the model of a running process', () => {
  let folder: string;
  let models: Record<'a' | 'b', string>;
  let program: RunningProgram;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-change-'));
    models = {
      a: await writeTestBundle(join(folder, 'a'), 1),
      b: await writeTestBundle(join(folder, 'b'), 2),
    };
  });
  afterAll(() => rm(folder, { recursive: true }));
  afterEach(() => {
    vi.unstubAllEnvs();
    program.process.kill('SIGKILL');
  });

  const configure = (model: object) =>
    writeFile(
      join(folder, 'undertone.yaml'),
      stringify({
        model: { threads: 1, ...model },
        worker: { overload: { maxDelayMs: WITHIN_MS } },
        gateway: { maxMessagesPerSecond: 5000 },
      }),
    );

  const start = async (model: object): Promise<void> => {
    await configure(model);
    vi.stubEnv('UNDERTONE_CONFIG', join(folder, 'undertone.yaml'));
    program = await startProgram();
  };

  const reload = async (model: object): Promise<void> => {
    await configure(model);
    program.process.kill('SIGHUP');
  };

  const metrics = async (): Promise<string> => (await fetch(`${program.url}/metrics`)).text();
  const says = (line: RegExp) => eventually(metrics, (text) => line.test(text), WITHIN_MS);

  const play = (callIdPrefix: string, speed: number, calls: number) =>
    replay({
      files: [CALL],
      feed: 'generic',
      url: program.url.replace('http', 'ws'),
      speed,
      calls,
      callIdPrefix,
      legs: ['customer', 'agent'],
    });

  /** The models that stand on the points of a call of which no window is missing. */
  async function modelsOn(callId: string): Promise<Set<string>> {
    const { legs } = await endedCall(program.url, callId, WITHIN_MS);
    const { points, holes } = await pointsOf(program.url, callId);
    expect(holes).toEqual([]);
    expect(points.map(({ windowIndex }) => windowIndex)).toEqual(points.map((_, i) => i));
    expect(points.length).toBe(legs.customer!.windows + legs.customer!.silentWindows);
    expect(points.length).toBeGreaterThan(60);
    return new Set(points.map(({ model }) => model));
  }

  it('changes between calls, never within one; what can not be had changes nothing', async () => {
    await start({ bundle: join(folder, 'a'), shadow: { bundle: join(folder, 'b'), share: 1 } });
    const early = play('early', 2, 2);
    await says(/^undertone_shadow_windows_total\{outcome="(agree|differ)"\} /m);
    await reload({ bundle: join(folder, 'nothing') });
    await says(/^undertone_model_changes_total\{outcome="refused"\} 1$/m);
    await reload({ bundle: join(folder, 'b') });
    expect(await says(new RegExp(`^undertone_build_info\\{.*model="${models.b}"`, 'm'))).toContain(
      'undertone_models_held 2\n',
    );
    const late = await play('late', 8, 2);
    for (const { callId, error } of late) {
      expect(error).toBeUndefined();
      expect(await modelsOn(callId)).toEqual(new Set([models.b]));
    }
    for (const { callId } of await early) expect(await modelsOn(callId)).toEqual(new Set([models.a]));
    await says(/^undertone_models_held 1$/m);
    expect(await program.stop()).toBe(0);
  }, 120_000);
});
