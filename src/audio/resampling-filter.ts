/**
 * The filter of the resampler: a sinc windowed by Kaiser, sampled at many phases between two input samples.
 * Source: Crochiere & Rabiner, "Multirate Digital Signal Processing" (1983), §2.6 and §4.3; Kaiser's formulas for β
 * and length as in Oppenheim & Schafer, "Discrete-Time Signal Processing", §7.5.
 */
export interface ResamplingFilter {
  /** outRate = inRate · up / down, in lowest terms. */
  readonly up: number;
  readonly down: number;
  /** Half the length in input samples: an output needs `half` inputs after its own instant, `half` before. */
  readonly half: number;
  /** Positions between two input samples for which coefficients are stored. */
  readonly phases: number;
  /** [phases + 1 rows × 2·half taps]; row p is for an instant p/phases after an input sample, oldest input first. */
  readonly taps: Float32Array;
}

/** Everything from the edge of the stop band up is at least this far down. */
const STOP_BAND_DB = 75;
/** The pass band ends here, as a share of the lower Nyquist frequency; the stop band begins at 1. */
const PASS_BAND = 0.9;
/** Ratios with up to so many phases are computed at each of them. */
const MAX_EXACT_PHASES = 512;
/**
 * The others interpolate coefficients linearly between rows this far apart, in units of the filter's own width. The
 * error is (π/512)²/8, below −100 dB, and a table stays small whatever rate a feed states.
 */
const INTERPOLATED_PHASES = 512;

export function designFilter(fromHz: number, toHz: number): ResamplingFilter {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const lowerShare = Math.min(1, toHz / fromHz);
  const half = halfLength(lowerShare);
  const phases = up <= MAX_EXACT_PHASES ? up : Math.ceil(INTERPOLATED_PHASES * lowerShare);
  const taps = new Float32Array((phases + 1) * 2 * half);
  const cutoff = (lowerShare * (1 + PASS_BAND)) / 2;
  for (let phase = 0; phase <= phases; phase++) fillRow(taps, phase, phases, half, cutoff);
  return { up, down: fromHz / divisor, half, phases, taps };
}

function halfLength(lowerShare: number): number {
  const transition = Math.PI * (1 - PASS_BAND) * lowerShare;
  return Math.ceil((STOP_BAND_DB - 8) / (2.285 * transition) / 2);
}

/** Each row sums to 1, so that a constant stays the same constant at every phase. */
function fillRow(taps: Float32Array, phase: number, phases: number, half: number, cutoff: number): void {
  const row = Array.from({ length: 2 * half }, (_, tap) => {
    const distance = tap - half + 1 - phase / phases;
    return sinc(cutoff * distance) * kaiser(distance / half);
  });
  const sum = row.reduce((total, value) => total + value, 0);
  taps.set(
    row.map((value) => value / sum),
    phase * 2 * half,
  );
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

const KAISER_BETA = 0.1102 * (STOP_BAND_DB - 8.7);
const KAISER_PEAK = besselI0(KAISER_BETA);

/** Kaiser window at −1…1, 0 outside. */
function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / KAISER_PEAK;
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
