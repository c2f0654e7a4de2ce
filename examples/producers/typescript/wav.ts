import { readFileSync } from 'node:fs';

/** One channel, as it stands in the file. */
export interface Recording {
  /** As Undertone names it. */
  readonly encoding: 's16le' | 'alaw' | 'mulaw';
  readonly rateHz: number;
  readonly sampleBytes: number;
  readonly bytes: Buffer;
}

/** WAVE format tag and bits per sample, to Undertone's word for it. */
const ENCODINGS: Record<string, Recording['encoding']> = { '1/16': 's16le', '6/8': 'alaw', '7/8': 'mulaw' };

/** Reads a WAV file of one channel: 16-bit PCM, A-law or µ-law. */
export function readWav(file: string): Recording {
  const chunks = chunksOf(readFileSync(file));
  const [format, data] = [chunks.get('fmt '), chunks.get('data')];
  if (!format || !data) throw new Error(`${file} is no WAV file.`);
  const [tag, channels, bits] = [0, 2, 14].map((at) => format.readUInt16LE(at));
  const rateHz = format.readUInt32LE(4);
  const encoding = ENCODINGS[`${tag}/${bits}`];
  if (!encoding || channels !== 1)
    throw new Error(`${file}: one channel of 16-bit PCM, A-law or µ-law is needed.`);
  return { encoding, rateHz, sampleBytes: bits / 8, bytes: data };
}

/** The parts of a RIFF file by their names. */
function chunksOf(file: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 12; at + 8 <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    chunks.set(file.toString('latin1', at, at + 4), file.subarray(at + 8, at + 8 + size));
    at += 8 + size + (size % 2);
  }
  return chunks;
}
