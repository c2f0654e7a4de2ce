import { readdir } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import { UndertoneError } from '../../errors.js';
import { clipAtRate, readMono } from '../clip-audio.js';

const ENDINGS = new Set(['.flac', '.wav']);

/** Names of the noise recordings in a folder, sorted, without those kept back. */
export async function noiseNames(folder: string, heldBack: readonly string[]): Promise<string[]> {
  const files = await noiseFiles(folder);
  const names = files.map((file) => parse(file).name);
  const unknown = heldBack.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const detail = `noise "${unknown}" is to be kept back, but the folder holds only ${names.join(', ')}.`;
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', detail, { place: folder });
  }
  return names.filter((name) => !heldBack.includes(name));
}

/** Loads noise recordings at a sample rate, by name. */
export async function loadNoises(
  folder: string,
  names: readonly string[],
  sampleRateHz: number,
): Promise<Map<string, Float32Array>> {
  const files = await noiseFiles(folder);
  const noises = new Map<string, Float32Array>();
  for (const file of files.filter((file) => names.includes(parse(file).name))) {
    noises.set(parse(file).name, clipAtRate(await readMono(join(folder, file)), sampleRateHz));
  }
  return noises;
}

async function noiseFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new UndertoneError('UT_TRAINING_BAD_OPTIONS', 'the folder of noise recordings can not be read.', {
      place: folder,
      cause,
    });
  });
  return names.filter((name) => ENDINGS.has(extname(name).toLowerCase())).sort();
}
