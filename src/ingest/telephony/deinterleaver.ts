const NOTHING = new Uint8Array(0);

/**
 * Takes interleaved audio of any cut apart into one stream a channel. What is left over of an instant waits for the
 * next bytes, so that every output is whole samples and all channels stay in step.
 */
export class Deinterleaver {
  #rest: Uint8Array = NOTHING;

  constructor(
    readonly channels: number,
    readonly bytesPerSample: number,
  ) {}

  /** @returns one array of whole samples a channel, all of equal length, maybe empty. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const joined = this.#rest.length === 0 ? bytes : concat(this.#rest, bytes);
    const whole = joined.length - (joined.length % (this.channels * this.bytesPerSample));
    this.#rest = whole === joined.length ? NOTHING : joined.slice(whole);
    const instants = joined.subarray(0, whole);
    if (this.channels === 1) return [instants];
    return Array.from({ length: this.channels }, (_, channel) => this.#pick(instants, channel));
  }

  #pick(instants: Uint8Array, channel: number): Uint8Array {
    const { channels, bytesPerSample: size } = this;
    const picked = new Uint8Array(instants.length / channels);
    for (let to = 0, from = channel * size; to < picked.length; to += size, from += channels * size) {
      for (let byte = 0; byte < size; byte++) picked[to + byte] = instants[from + byte]!;
    }
    return picked;
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
