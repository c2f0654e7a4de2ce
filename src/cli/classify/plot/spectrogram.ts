import { Resampler } from '../../../audio/index.js';
import { type FrontEnd, LogMel } from '../../../features/index.js';

/** The log-Mel frames of a recording, thinned out to what a picture can show. */
export interface SpectrogramImage {
  /** dB [columns × bands], low bands first. */
  readonly levels: Float32Array;
  readonly columns: number;
  readonly bands: number;
  readonly loudestDb: number;
}

/** Columns at most; of the frames that share one, the loudest value of each band is shown. */
const MAX_COLUMNS = 2000;
const CHUNK_SAMPLES = 8192;

/** What the model hears of a recording: resampled and analysed by the front end of its bundle. */
export function spectrogramOf(
  samples: Float32Array,
  sampleRateHz: number,
  frontEnd: FrontEnd,
): SpectrogramImage {
  const frames = Math.max(
    1,
    Math.ceil((samples.length / sampleRateHz) * (frontEnd.sampleRateHz / frontEnd.hopLength)),
  );
  const columns = Math.min(MAX_COLUMNS, frames);
  const levels = new Float32Array(columns * frontEnd.nMels).fill(-Infinity);
  let loudestDb = -Infinity;
  const keep = (frameIndex: number, frame: Float32Array): void => {
    const column = Math.min(columns - 1, Math.floor((frameIndex * columns) / frames));
    frame.forEach((db, band) => {
      const at = column * frontEnd.nMels + band;
      levels[at] = Math.max(levels[at]!, db);
      loudestDb = Math.max(loudestDb, db);
    });
  };
  analyse(samples, sampleRateHz, frontEnd, keep);
  return { levels, columns, bands: frontEnd.nMels, loudestDb };
}

function analyse(
  samples: Float32Array,
  sampleRateHz: number,
  frontEnd: FrontEnd,
  keep: (frameIndex: number, frame: Float32Array) => void,
): void {
  const logMel = new LogMel(frontEnd);
  const resampler = new Resampler(sampleRateHz, frontEnd.sampleRateHz);
  for (let at = 0; at < samples.length; at += CHUNK_SAMPLES) {
    logMel.push(resampler.push(samples.subarray(at, at + CHUNK_SAMPLES)), keep);
  }
  logMel.push(resampler.flush(), keep);
  logMel.flush(keep);
}
