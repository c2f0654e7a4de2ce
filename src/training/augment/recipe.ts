import { encodeG711, G711_TO_FLOAT } from '../../audio/index.js';
import { clipAtRate } from '../clip-audio.js';
import { Random } from '../random.js';
import { addNoise, applyGain } from './level.js';
import { losePackets } from './packet-loss.js';
import { readAtStep } from './resample.js';
import { limitToTelephoneBand } from './telephone-band.js';
import { stretchTime } from './time-stretch.js';

/** How far variants of a clip may stray from it. A probability is the share of variants that are changed so. */
export interface AugmentationOptions {
  readonly pitchProbability: number;
  /** Pitch moves by up to this many semitones either way. */
  readonly pitchSemitones: number;
  readonly speedProbability: number;
  /** Tempo over the original tempo. */
  readonly speedRange: readonly [number, number];
  readonly noiseProbability: number;
  readonly noiseSnrDb: readonly [number, number];
  readonly bandProbability: number;
  /** Level moves by up to this many dB either way. */
  readonly gainDb: number;
  readonly mulawProbability: number;
  readonly lossProbability: number;
  /** Greatest share of packets that are lost. */
  readonly lossShare: number;
}

export const DEFAULT_AUGMENTATION: AugmentationOptions = {
  pitchProbability: 0.7,
  pitchSemitones: 3,
  speedProbability: 0.7,
  speedRange: [0.85, 1.15],
  noiseProbability: 0.5,
  noiseSnrDb: [0, 30],
  bandProbability: 0.3,
  gainDb: 10,
  mulawProbability: 0.5,
  lossProbability: 0.25,
  lossShare: 0.05,
};

/** What was drawn for one variant; with the clip and the noise files it decides every sample. */
export interface Recipe {
  readonly pitchSemitones: number;
  readonly speed: number;
  readonly noise: { readonly name: string; readonly startShare: number; readonly snrDb: number } | null;
  readonly telephoneBand: boolean;
  readonly gainDb: number;
  readonly mulaw: boolean;
  /** Packets lost on the way: their share, and the seed that says which. */
  readonly loss: { readonly share: number; readonly seed: string } | null;
}

/** Draws the same number of random values whatever the options, so that one option changes one thing. */
export function drawRecipe(
  random: Random,
  options: AugmentationOptions,
  noiseNames: readonly string[],
): Recipe {
  const pitched = random.chance(options.pitchProbability);
  const pitch = random.between(-options.pitchSemitones, options.pitchSemitones);
  const hurried = random.chance(options.speedProbability);
  const speed = random.between(...options.speedRange);
  const noisy = random.chance(options.noiseProbability) && noiseNames.length > 0;
  const noise = {
    name: noiseNames.length > 0 ? random.pick(noiseNames) : '',
    startShare: random.next(),
    snrDb: random.between(...options.noiseSnrDb),
  };
  return {
    pitchSemitones: pitched ? pitch : 0,
    speed: hurried ? speed : 1,
    noise: noisy ? noise : null,
    telephoneBand: random.chance(options.bandProbability),
    gainDb: random.between(-options.gainDb, options.gainDb),
    mulaw: random.chance(options.mulawProbability),
    loss: drawLoss(random, options),
  };
}

function drawLoss(random: Random, { lossProbability, lossShare }: AugmentationOptions): Recipe['loss'] {
  const lossy = random.chance(lossProbability);
  const share = random.between(0, lossShare);
  const seed = String(random.integer(0, 2 ** 31 - 1));
  return lossy ? { share, seed } : null;
}

/**
 * @param source mono samples at `sourceRateHz`
 * @param noiseOf the samples of a noise by name, at `targetRateHz`
 * @returns samples at `targetRateHz`, `1 / speed` times as long as the source
 */
export function applyRecipe(
  recipe: Recipe,
  source: Float32Array,
  sourceRateHz: number,
  targetRateHz: number,
  noiseOf: (name: string) => Float32Array,
): Float32Array {
  let samples = disturbPitchAndSpeed(recipe, source, sourceRateHz, targetRateHz);
  if (recipe.noise !== null) {
    const noise = noiseOf(recipe.noise.name);
    const offset = Math.floor(recipe.noise.startShare * noise.length);
    samples = addNoise(samples, noise, offset, recipe.noise.snrDb, targetRateHz);
  }
  if (recipe.telephoneBand) samples = limitToTelephoneBand(samples, targetRateHz);
  samples = applyGain(samples, recipe.gainDb);
  if (recipe.mulaw) samples = throughMulaw(samples);
  const { loss } = recipe;
  return loss === null ? samples : losePackets(samples, targetRateHz, loss.share, new Random(loss.seed));
}

/**
 * Reading faster raises pitch and tempo together; stretching then sets the tempo alone. The rate is converted as that of
 * live audio is, so that copies differ from it in what was drawn and in nothing else.
 */
function disturbPitchAndSpeed(
  recipe: Recipe,
  source: Float32Array,
  fromHz: number,
  toHz: number,
): Float32Array {
  const pitch = 2 ** (recipe.pitchSemitones / 12);
  const read = pitch === 1 ? source : readAtStep(source, pitch);
  const samples = clipAtRate({ samples: read, sampleRateHz: fromHz }, toHz);
  const factor = pitch / recipe.speed;
  return factor === 1 ? samples : stretchTime(samples, factor, toHz);
}

/** G.711 µ-law there and back. */
export function throughMulaw(samples: Float32Array): Float32Array {
  return Float32Array.from(encodeG711('mulaw', samples), (code) => G711_TO_FLOAT.mulaw[code]!);
}
