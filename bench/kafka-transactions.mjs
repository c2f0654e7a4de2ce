import { described, layoutOf } from './kafka/cores.mjs';
import { median, rounded, scaled } from './kafka/sizes.mjs';
import { DRIVERS, startStage } from './kafka/stage.mjs';
import { warmUp, workOff } from './kafka/work-off.mjs';

const SIZE = { chunks: scaled(100_000), calls: 100 };
const ROUNDS = 3;

/** The same input with transactions and without, one run after the other, in turns. */
export async function benchKafkaTransactions() {
  const layout = layoutOf(1);
  const stage = await startStage(layout);
  try {
    await warmUp(stage);
    const drivers = [];
    for (const driver of DRIVERS) drivers.push(await compare(stage, layout, driver));
    console.table(drivers.flatMap(({ rows }) => rows));
    return {
      cores: described(layout),
      chunksARun: SIZE.chunks,
      drivers: drivers.map(({ result }) => result),
    };
  } finally {
    await stage.close();
  }
}

async function compare(stage, layout, driver) {
  const runs = { with: [], without: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [mode, transactions] of [
      ['with', true],
      ['without', false],
    ]) {
      const settings = { bus: { kafka: { driver, transactions } } };
      const { figures } = await workOff(stage, `${driver}-${mode}-${round}`, layout, SIZE, settings);
      runs[mode].push(figures);
    }
  }
  const rows = ['with', 'without'].map((mode) => ({
    driver,
    transactions: mode === 'with',
    ...middle(runs[mode]),
  }));
  const [one, other] = rows;
  const ratio = (field) => rounded(one[field] / other[field], 2);
  return {
    rows,
    result: {
      driver,
      withTransactions: middle(runs.with),
      withoutTransactions: middle(runs.without),
      throughputRatio: ratio('chunksPerSecond'),
      workerCpuRatio: ratio('workerCpuSecondsPerMillion'),
      brokerCpuRatio: ratio('brokerCpuSecondsPerMillion'),
    },
  };
}

function middle(runs) {
  const of = (field) => median(runs.map((run) => run[field]));
  return {
    chunksPerSecond: of('chunksPerSecond'),
    workerCpuSecondsPerMillion: of('workerCpuSecondsPerMillion'),
    brokerCpuSecondsPerMillion: of('brokerCpuSecondsPerMillion'),
  };
}
