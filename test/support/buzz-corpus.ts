import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeWav } from '../../src/audio/index.js';
import { noise } from './noise.js';

const RATE = 8000;
/** Folders of TESS, one an emotion. */
export const BUZZ_FOLDERS = ['angry', 'disgust', 'fear', 'happy', 'neutral', 'pleasant_surprise', 'sad'];
const TAKES = 4;

/** A buzz: every "emotion" has a pitch of its own, every take is a little off. */
function buzz(emotion: number, take: number, seconds: number): Float32Array {
  const hz = 150 * 1.4 ** emotion * (1 + 0.01 * take);
  const hiss = noise(RATE * seconds, 31 * emotion + take);
  return Float32Array.from(
    { length: RATE * seconds },
    (_, i) => 0.4 * Math.sin((2 * Math.PI * hz * i) / RATE) + 0.01 * hiss[i]!,
  );
}

/** Writes a corpus in the layout of TESS that any model can learn in seconds. */
export async function plantBuzzCorpus(root: string): Promise<void> {
  for (const speaker of ['OAF', 'YAF']) {
    for (const [emotion, folder] of BUZZ_FOLDERS.entries()) {
      for (let take = 0; take < TAKES; take++) {
        const path = join(root, `${speaker}_${folder}`, `${speaker}_${take}_${folder}.wav`);
        await mkdir(dirname(path), { recursive: true });
        // Of another length, so that nobody takes the one speaker's recordings for copies of the other's.
        const samples = speaker === 'YAF' ? buzz(emotion, take + 0.5, 1.25) : buzz(emotion, take, 1);
        await writeFile(path, encodeWav({ sampleRateHz: RATE, channels: [samples] }, 's16le'));
      }
    }
  }
}
