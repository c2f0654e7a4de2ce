import { described, layoutOf } from './kafka/cores.mjs';
import { LiveRun } from './kafka/live-run.mjs';
import { modelWith } from './kafka/model.mjs';
import { scaled } from './kafka/sizes.mjs';
import { DRIVERS, startStage } from './kafka/stage.mjs';
import { warmUp } from './kafka/work-off.mjs';

const CALLS = scaled(100);
const CALLS_WITH_MODEL = scaled(20);
const LINGERS_MS = [0, 20, 50, 100];
const SETTLE_MS = 4000;
const MEASURE_MS = 6000;

/**
 * From the append of the chunk that completes a window to its point at a consumer that reads committed: calls at real
 * time, one worker on one core, by driver and linger; and with the real model, for fewer calls.
 */
export async function benchKafkaLatency() {
  const layout = layoutOf(1);
  const stage = await startStage(layout);
  const rows = [];
  try {
    await warmUp(stage);
    for (const driver of DRIVERS) {
      for (const lingerMs of LINGERS_MS)
        rows.push(await measure(stage, layout, driver, lingerMs, 'drop', CALLS));
      rows.push(await measure(stage, layout, driver, 50, 'onnx', CALLS_WITH_MODEL));
    }
  } finally {
    await stage.close();
  }
  console.table(rows);
  return { cores: described(layout), rows };
}

async function measure(stage, layout, driver, lingerMs, engine, calls) {
  const settings = { bus: { kafka: { driver } }, worker: { lingerMs }, model: modelWith(engine) };
  const live = await LiveRun.start(stage, `${driver}-${engine}-${lingerMs}`, layout, settings);
  try {
    return { driver, engine, lingerMs, ...(await live.measure(calls, SETTLE_MS, MEASURE_MS)) };
  } finally {
    await live.stop();
  }
}
