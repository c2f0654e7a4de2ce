import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CORES = availableParallelism();
const CAN_PIN = process.platform === 'linux' && CORES > 1;

/**
 * Which cores each has, as `taskset -c` takes them: a worker one of its own where there are so many; broker, feeder and
 * reader what the workers leave, and where they leave none, all.
 *
 * @param pinned false: everybody may run everywhere
 */
export function layoutOf(workers, pinned = true) {
  const all = range(0);
  if (!CAN_PIN || !pinned || workers > CORES) return { workers: Array(workers).fill(all), others: all };
  const own = Array.from({ length: workers }, (_, core) => String(core));
  return { workers: own, others: workers < CORES ? range(workers) : all };
}

/** From a core to the last. */
const range = (from) => (from === CORES - 1 ? String(from) : `${from}-${CORES - 1}`);

/** `command`, to be run on `cores` where the machine can pin it. */
export function onCores(cores, command) {
  return CAN_PIN ? ['taskset', '-c', cores, ...command] : command;
}

/** All threads of a process that runs already, and what it will start. */
export function moveTo(cores, pid) {
  if (CAN_PIN) execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
}

/** In one line, for the result. */
export function described({ workers, others }) {
  const lone =
    workers.length === 1 ? `worker on core ${workers[0]}` : `workers on cores ${workers.join(', ')}`;
  return `${lone}; broker, feeder and reader on ${others}`;
}
