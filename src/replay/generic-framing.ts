import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus';
import { BYTES_PER_SAMPLE, type Encoding } from '../audio/index.js';
import { encodeSamples, interleave } from './encode-samples.js';
import { FRAME_MS, type Frame, type Framing, type Recording, statedFields } from './framing.js';

export interface GenericFramingOptions {
  readonly encoding: Encoding;
  /** Messages of 1 to `maxBytes` bytes instead of 20 ms each. */
  readonly randomChunks?: { readonly seed: number; readonly maxBytes: number } | undefined;
}

/** Undertone's own dialect, at the recording's own rate. */
export function genericFraming(
  recording: Recording,
  { encoding, randomChunks }: GenericFramingOptions,
): Framing {
  const { legs, channels, sampleRateHz } = recording;
  const bytes = encodeSamples(encoding, interleave(channels));
  const bytesPerMs = (BYTES_PER_SAMPLE[encoding] * channels.length * sampleRateHz) / 1000;
  const sizes = randomChunks
    ? () => randomSizes(randomChunks)
    : () => frameSizes(bytesPerMs, channels.length * BYTES_PER_SAMPLE[encoding]);
  return {
    isAnswered: true,
    opening: (call) => {
      const { callId, live, synthetic = false } = call;
      const format = { sampleRate: sampleRateHz, channels: channels.length, encoding, legs };
      return [JSON.stringify({ event: 'start', callId, ...format, live, synthetic, ...statedFields(call) })];
    },
    frames: () => cut(bytes, sizes(), bytesPerMs),
    closing: () => [JSON.stringify({ event: 'stop' })],
  };
}

function* cut(bytes: Uint8Array, sizes: Iterable<number>, bytesPerMs: number): Generator<Frame> {
  let from = 0;
  for (const size of sizes) {
    if (from >= bytes.length) return;
    const to = Math.min(from + size, bytes.length);
    yield { endMs: to / bytesPerMs, messages: [bytes.subarray(from, to)] };
    from = to;
  }
}

/** Whole instants, 20 ms each on average where a frame is no whole number of them. */
function* frameSizes(bytesPerMs: number, instantBytes: number): Generator<number> {
  const instantsPerFrame = (bytesPerMs * FRAME_MS) / instantBytes;
  for (let frame = 0; ; frame++) {
    const instants = Math.round((frame + 1) * instantsPerFrame) - Math.round(frame * instantsPerFrame);
    yield instants * instantBytes;
  }
}

function* randomSizes({ seed, maxBytes }: { seed: number; maxBytes: number }): Generator<number> {
  const random = xorshift128plus(seed);
  for (;;) yield uniformInt(random, 1, maxBytes);
}
