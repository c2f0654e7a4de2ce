import { writeFile } from 'node:fs/promises';
import { UndertoneError } from '../../errors.js';
import { type CapacityReport, type LoadReport, machineOf } from '../../load/index.js';

/** Writes a result as the files of `bench/results` are. `machine` is the one that the player ran on. @throws UT_LOAD_OPTION */
export async function keepResult(
  file: string,
  name: 'load' | 'capacity',
  result: LoadReport | CapacityReport,
): Promise<void> {
  const report = { measuredAt: new Date().toISOString(), machine: machineOf(), results: { [name]: result } };
  try {
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (cause) {
    const detail = `It cannot be written: ${(cause as Error).message}.`;
    throw new UndertoneError('UT_LOAD_OPTION', detail, { place: `--out ${file}`, cause });
  }
}
