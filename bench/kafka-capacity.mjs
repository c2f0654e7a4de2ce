import { described, layoutOf } from './kafka/cores.mjs';
import { LiveRun } from './kafka/live-run.mjs';
import { modelWith } from './kafka/model.mjs';
import { scaled } from './kafka/sizes.mjs';
import { DRIVERS, startStage } from './kafka/stage.mjs';
import { warmUp, workOff } from './kafka/work-off.mjs';

const STEPS = {
  1: [20, 30, 40, 50, 60, 80, 100, 150, 200, 300],
  2: [40, 50, 60, 70, 80, 100, 150, 200, 300, 400],
};
const SETTLE_MS = 4000;
const MEASURE_MS = 8000;
const MAX_P99_MS = 500;
/** As much as lag may have grown at the end of a step, by chance. */
const MAX_LAG_GROWTH_MS = 250;
const BACKLOG = { chunks: scaled(150_000), calls: 96 };
const SCALING = [
  { workers: 1, pinned: true },
  { workers: 2, pinned: true },
  { workers: 3, pinned: false },
  { workers: 4, pinned: false },
];

/** Calls that 1 and 2 workers with the real model carry at real time; chunks per second of up to 4 without it. */
export async function benchKafkaCapacity() {
  const stage = await startStage();
  try {
    await warmUp(stage);
    const [driver] = DRIVERS;
    const carried = [];
    for (const workers of [1, 2]) carried.push(await carry(stage, driver, workers));
    console.table(carried.map(({ workers, cores, calls }) => ({ workers, cores, calls })));
    const scaling = [];
    for (const { workers, pinned } of SCALING)
      scaling.push(await scale(stage, driver, layoutOf(workers, pinned)));
    console.table(scaling);
    return { driver, carried, scaling };
  } finally {
    await stage.close();
  }
}

async function carry(stage, driver, workers) {
  const layout = layoutOf(workers);
  stage.move(layout);
  const settings = { bus: { kafka: { driver } }, model: modelWith('onnx') };
  const live = await LiveRun.start(stage, `live-${workers}`, layout, settings);
  const steps = [];
  try {
    for (const calls of STEPS[workers]) {
      // What went wrong once may have been chance.
      const measured = () => live.measure(scaled(calls), SETTLE_MS, MEASURE_MS);
      const first = await measured();
      steps.push(isCarried(first) ? first : await measured());
      console.error(JSON.stringify(steps.at(-1)));
      if (!isCarried(steps.at(-1))) break;
    }
  } finally {
    await live.stop();
  }
  const calls = Math.max(0, ...steps.filter(isCarried).map((step) => step.calls));
  return { workers, cores: described(layout), calls, steps };
}

function isCarried({ p99Ms, lagGrewMs }) {
  return p99Ms !== null && p99Ms <= MAX_P99_MS && lagGrewMs <= MAX_LAG_GROWTH_MS;
}

async function scale(stage, driver, layout) {
  stage.move(layout);
  const workers = layout.workers.length;
  const { figures } = await workOff(stage, `scale-${workers}`, layout, BACKLOG, {
    bus: { kafka: { driver } },
  });
  return { workers, cores: described(layout), ...figures };
}
