import { DEFAULT_FRONT_END } from '../dist/features/index.js';
import { filtersAt, loadTfjs } from '../dist/inference/index.js';
import { Stepper } from '../dist/training/fit/step.js';
import { fastestPrecision } from '../dist/training/network/precision.js';
import { TrainableNetwork } from '../dist/training/network/trainable-network.js';
import { Random } from '../dist/training/random.js';

const FRONT_END = { ...DEFAULT_FRONT_END, deltaWidth: 9 };
const INPUT = [FRONT_END.windowFrames, FRONT_END.nMels, 3];
const BATCH = 32;
const CLASSES = 7;
const STEPS = 8;

/** A training step in float32 and in bfloat16, in turns, at each width. */
export async function benchTraining() {
  const tf = await loadTfjs();
  const widths = {};
  for (const width of [0.25, 0.5, 1]) widths[width] = await stepTimes(tf, width);
  return { batch: BATCH, input: INPUT, chosenHere: fastestPrecision(), widths };
}

async function stepTimes(tf, width) {
  const runs = ['float32', 'bfloat16'].map((precision) => runner(tf, width, precision));
  for (const { step } of runs) step();
  const seconds = runs.map(() => []);
  for (let i = 0; i < STEPS; i++) {
    runs.forEach(({ step }, r) => {
      const start = process.hrtime.bigint();
      step();
      seconds[r].push(Number(process.hrtime.bigint() - start) / 1e9);
    });
  }
  for (const { dispose } of runs) dispose();
  const [float32, bfloat16] = seconds.map((own) => own.sort((a, b) => a - b)[Math.floor(STEPS / 2)]);
  return {
    float32Seconds: round(float32),
    bfloat16Seconds: round(bfloat16),
    ratio: round(float32 / bfloat16),
  };
}

function runner(tf, width, precision) {
  const head = { pooling: 'average', dense: [], dropout: 0.3 };
  const architecture = {
    inputShape: INPUT,
    filters: filtersAt(width),
    batchNorm: true,
    head,
    classes: CLASSES,
  };
  const network = new TrainableNetwork(tf, architecture, new Random('weights'), precision);
  const stepper = new Stepper(tf, network, FRONT_END, 0.05);
  const random = new Random('bench');
  const windows = Float32Array.from({ length: BATCH * INPUT.reduce((a, b) => a * b) }, () =>
    random.between(-1, 1),
  );
  const targets = new Float32Array(BATCH * CLASSES);
  for (let i = 0; i < BATCH; i++) targets[i * CLASSES + (i % CLASSES)] = 1;
  return {
    step: () => stepper.run({ size: BATCH, windows, targets }, 1e-3, random),
    dispose() {
      network.dispose();
      stepper.dispose();
    },
  };
}

const round = (value) => Math.round(value * 1000) / 1000;
