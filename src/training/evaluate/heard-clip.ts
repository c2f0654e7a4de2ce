import { join } from 'node:path';
import { UndertoneError } from '../../errors.js';
import type { FrontEnd } from '../../features/index.js';
import { addNoise } from '../augment/level.js';
import { losePackets } from '../augment/packet-loss.js';
import { throughMulaw } from '../augment/recipe.js';
import { limitToTelephoneBand } from '../augment/telephone-band.js';
import { clipAtRate, type MonoAudio, readMono } from '../clip-audio.js';
import { type Dataset, loadClip } from '../data/dataset.js';
import type { VoicedFrames } from '../data/windows.js';
import type { PreparedClip } from '../prepare/manifest.js';
import { spectrogramOf } from '../prepare/spectrogram.js';
import { Random } from '../random.js';
import { type Condition, LINE_RATE_HZ, type Line } from './conditions.js';

/** Where recordings and noise are found again. */
export interface LineSources {
  /** Folder to which the `source` of a prepared clip is relative, by corpus. */
  readonly corpora: Readonly<Record<string, string>>;
  /** Noise samples by name, at {@link LINE_RATE_HZ}. */
  readonly noises: ReadonlyMap<string, Float32Array>;
}

/**
 * One recording, heard under one condition after the other: it is read, and sampled at each rate, once. What is random
 * follows from the seed and the clip, so that the order of conditions and clips changes nothing; a noise begins at the
 * same place at each of its levels.
 */
export class HeardClip {
  readonly #dataset: Dataset;
  readonly #clip: PreparedClip;
  readonly #sources: LineSources | null;
  readonly #seed: string;
  #recording: Promise<MonoAudio> | undefined;
  readonly #sampled = new Map<number, Promise<MonoAudio>>();

  constructor(dataset: Dataset, clip: PreparedClip, sources: LineSources | null, seed: string) {
    this.#dataset = dataset;
    this.#clip = clip;
    this.#sources = sources;
    this.#seed = seed;
  }

  /**
   * Speech lies where it lies in the prepared recording.
   * @throws UT_TRAINING_BAD_OPTIONS where the folder of its corpus was not given
   */
  async under({ line }: Condition): Promise<VoicedFrames> {
    if (line === null) return loadClip(this.#dataset, this.#clip);
    const { frontEnd } = this.#dataset;
    const { db, frames } = spectrogramOf(await this.#samples(line, frontEnd), frontEnd);
    return { db, frames, voice: this.#clip.voice };
  }

  async #samples(line: Line, { sampleRateHz }: FrontEnd): Promise<Float32Array> {
    const audio = await this.#sampledAt(line.rateHz);
    let { samples } = audio;
    if (line.noise !== null) samples = this.#withNoise(samples, line.noise);
    if (line.telephoneBand) samples = limitToTelephoneBand(samples, audio.sampleRateHz);
    if (line.mulaw) samples = throughMulaw(samples);
    const heard = { sampleRateHz: audio.sampleRateHz, samples: this.#withLoss(samples, line) };
    return clipAtRate(heard, sampleRateHz);
  }

  #withNoise(samples: Float32Array, { name, snrDb }: NonNullable<Line['noise']>): Float32Array {
    const noise = this.#sources!.noises.get(name)!;
    const offset = Math.floor(this.#random(`noise/${name}`).next() * noise.length);
    return addNoise(samples, noise, offset, snrDb, LINE_RATE_HZ);
  }

  #withLoss(samples: Float32Array, { loss }: Line): Float32Array {
    if (loss === null) return samples;
    return losePackets(samples, LINE_RATE_HZ, loss.share, this.#random('loss'), loss.staysLost);
  }

  #random(purpose: string): Random {
    return new Random(`${this.#seed}/${purpose}/${this.#clip.corpus}/${this.#clip.id}`);
  }

  #sampledAt(rateHz: Line['rateHz']): Promise<MonoAudio> {
    const known = this.#sampled.get(rateHz);
    if (known !== undefined) return known;
    const sampled = this.#read().then((audio) => lowered(audio, rateHz));
    this.#sampled.set(rateHz, sampled);
    return sampled;
  }

  #read(): Promise<MonoAudio> {
    this.#recording ??= readMono(this.#path());
    return this.#recording;
  }

  #path(): string {
    const { corpus, source } = this.#clip;
    const folder = this.#sources?.corpora[corpus];
    if (folder !== undefined) return join(folder, source);
    const detail = `telephone lines can be judged only with the recordings of ${corpus}; its folder was not given.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: '--corpora' });
  }
}

/** A line samples at its own rate: 8 kHz always, 16 kHz where there is more to be heard than that. */
function lowered(audio: MonoAudio, rateHz: Line['rateHz']): MonoAudio {
  const keeps = rateHz !== LINE_RATE_HZ && audio.sampleRateHz <= rateHz;
  return keeps ? audio : { sampleRateHz: rateHz, samples: clipAtRate(audio, rateHz) };
}
