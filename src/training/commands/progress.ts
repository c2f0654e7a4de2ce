import { type Options, Presets, SingleBar } from 'cli-progress';
import { percent } from '../evaluate/text-report.js';
import type { RunListener } from '../fit/run.js';
import type { EpochLog } from '../fit/run-log.js';

/** The cursor stays: a process that is killed in the middle of an epoch could not bring it back. */
const OPTIONS: Options = { clearOnComplete: true, hideCursor: false, etaBuffer: 50 };
const FORMAT =
  'epoch {epoch} [{bar}] {value}/{total}  loss {loss}  accuracy {accuracy}  {eta_formatted} left';

/** A bar on a terminal. Until it is stopped its timer keeps the process alive: `stop` belongs into a `finally`. */
export interface Stoppable {
  /** Takes the bar away; may be called at any time, and again. */
  stop(): void;
}

export interface ProgressBar extends Stoppable {
  show(done: number, total: number): void;
}

/** Shows training on a terminal: a bar for the epoch under way, a line for each that is done. */
export function showTraining(stream: NodeJS.WriteStream, epochs: number): RunListener & Stoppable {
  let bar: SingleBar | undefined;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    onStep(epoch, step, steps, loss, accuracy) {
      const figures = { epoch: `${epoch}/${epochs}`, loss: loss.toFixed(3), accuracy: percent(accuracy) };
      if (bar === undefined) {
        bar = new SingleBar({ ...OPTIONS, stream, format: FORMAT }, Presets.shades_classic);
        bar.start(steps, step, figures);
      } else {
        bar.update(step, figures);
      }
    },
    onEpoch(log) {
      stop();
      stream.write(`${describeEpoch(log, epochs)}\n`);
    },
    stop,
  };
}

/** One epoch in a line, with the time that the rest takes at most. */
export function describeEpoch(log: EpochLog, epochs: number): string {
  const { epoch, loss, accuracy, validation, learningRate, best, seconds } = log;
  const judged =
    validation === null
      ? ''
      : `  validation: loss ${validation.loss.toFixed(3)}, UA ${percent(validation.unweightedAccuracy)}`;
  const left = Math.round(((epochs - epoch) * seconds) / 60);
  const figures = `loss ${loss.toFixed(3)}, accuracy ${percent(accuracy)}${judged}  rate ${learningRate.toExponential(1)}`;
  return `epoch ${epoch}/${epochs}  ${figures}  ${seconds.toFixed(0)} s, at most ${left} min left${best ? '  best' : ''}`;
}

/** A bar that counts items, for preparing and evaluating. */
export function showProgress(stream: NodeJS.WriteStream, what: string): ProgressBar {
  const format = `${what} [{bar}] {value}/{total}  {eta_formatted} left`;
  const bar = new SingleBar({ ...OPTIONS, stream, format }, Presets.shades_classic);
  let started = false;
  return {
    show(done, total) {
      if (started) bar.update(done);
      else bar.start(total, done);
      started = true;
      if (done === total) bar.stop();
    },
    stop: () => bar.stop(),
  };
}
