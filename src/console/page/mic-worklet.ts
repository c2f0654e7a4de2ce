/** Runs on the browser's audio thread: turns its 128-sample blocks into chunks of s16le, {@link CHUNK_MS} each. */

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const CHUNK_MS = 40;

class Capture extends AudioWorkletProcessor {
  readonly #chunk = new Float32Array(Math.round((sampleRate * CHUNK_MS) / 1000));
  #filled = 0;

  process(inputs: Float32Array[][]): boolean {
    const block = inputs[0]?.[0] ?? new Float32Array(0);
    for (const sample of block) {
      this.#chunk[this.#filled++] = sample;
      if (this.#filled === this.#chunk.length) this.#send();
    }
    return true;
  }

  #send(): void {
    this.#filled = 0;
    const pcm = new DataView(new ArrayBuffer(this.#chunk.length * 2));
    let squares = 0;
    for (const [i, sample] of this.#chunk.entries()) {
      const clipped = Math.max(-1, Math.min(1, sample));
      pcm.setInt16(i * 2, Math.round(clipped * 32767), true);
      squares += clipped * clipped;
    }
    const levelDbfs = 10 * Math.log10(squares / this.#chunk.length + 1e-10);
    this.port.postMessage({ pcm: pcm.buffer, levelDbfs }, [pcm.buffer]);
  }
}

registerProcessor('undertone-capture', Capture);
