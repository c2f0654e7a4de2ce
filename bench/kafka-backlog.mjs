import { described, layoutOf } from './kafka/cores.mjs';
import { median, rounded, scaled } from './kafka/sizes.mjs';
import { DRIVERS, startStage } from './kafka/stage.mjs';
import { warmUp, workOff } from './kafka/work-off.mjs';

const SIZE = { chunks: scaled(1_000_000), calls: 100 };
/** Share of the chunks after which memory has to stand still. */
const WARM_UP = 0.1;
const TENTHS = 10;
const MIB = 2 ** 20;

/** One worker on one core works off a million chunks that wait for it: memory, pace and order, from beginning to end. */
export async function benchKafkaBacklog() {
  const layout = layoutOf(1);
  const stage = await startStage(layout);
  try {
    await warmUp(stage);
    const [driver] = DRIVERS;
    const settings = { bus: { kafka: { driver } } };
    const { figures, samples } = await workOff(stage, 'backlog', layout, SIZE, settings);
    const tenths = pace(samples, figures.chunks);
    console.table(tenths);
    return {
      cores: described(layout),
      driver,
      calls: SIZE.calls,
      ...figures,
      ...memory(samples, figures.chunks),
      tenths,
    };
  } finally {
    await stage.close();
  }
}

function memory(samples, chunks) {
  const warm = samples.filter((sample) => sample.chunks > WARM_UP * chunks).map(({ rssBytes: [rss] }) => rss);
  const mib = (bytes) => rounded(bytes / MIB);
  return {
    rssMedianMib: mib(median(warm)),
    rssMaxMib: mib(Math.max(...warm)),
    rssMaxByMedian: rounded(Math.max(...warm) / median(warm), 2),
  };
}

/** Chunks per second and memory in each tenth of the log. */
function pace(samples, chunks) {
  const rows = [];
  let from = { seconds: 0, chunks: 0 };
  for (let tenth = 1; tenth <= TENTHS; tenth++) {
    const to = samples.find((sample) => sample.chunks >= (tenth / TENTHS) * chunks);
    if (to === undefined || to.seconds === from.seconds) continue;
    const chunksPerSecond = rounded((to.chunks - from.chunks) / (to.seconds - from.seconds));
    rows.push({ upToChunk: to.chunks, chunksPerSecond, rssMib: rounded(to.rssBytes[0] / MIB) });
    from = to;
  }
  return rows;
}
