import { encodeG711 } from '../../src/audio/index.js';

/** µ-law at 8 kHz that the voice gate takes for speech: bursts of a buzzing tone with pauses, over faint noise. */
export function buzz(seconds: number): Uint8Array {
  const samples = Float32Array.from({ length: seconds * 8000 }, (_, n) => {
    const burst = n % 4000 < 2800 ? 0.3 : 0.0005;
    return burst * Math.sin(0.12 * n) * Math.sin(0.011 * n) + 0.0005 * Math.sin(n * n * 0.37);
  });
  return encodeG711('mulaw', samples);
}
