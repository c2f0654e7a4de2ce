/**
 * Interleaved samples [frames × channels] → one array a channel.
 *
 * @param outs one array a channel, each with room for `frames` samples.
 */
export function deinterleave(interleaved: Float32Array, frames: number, outs: readonly Float32Array[]): void {
  const channels = outs.length;
  for (let channel = 0; channel < channels; channel++) {
    const out = outs[channel]!;
    for (let i = 0, at = channel; i < frames; i++, at += channels) out[i] = interleaved[at]!;
  }
}

/** Interleaved samples [frames × channels] → their mean over the channels, [frames]. `out` may be `interleaved` itself. */
export function mixDown(
  interleaved: Float32Array,
  frames: number,
  channels: number,
  out: Float32Array,
): void {
  for (let i = 0; i < frames; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += interleaved[i * channels + channel]!;
    out[i] = sum / channels;
  }
}

/** The mean over a clip's channels; the only channel itself (not a copy) when there is one. */
export function mixDownClip(channels: readonly Float32Array[]): Float32Array {
  if (channels.length === 1) return channels[0]!;
  return Float32Array.from(
    channels[0] ?? [],
    (_, i) => channels.reduce((sum, channel) => sum + channel[i]!, 0) / channels.length,
  );
}
