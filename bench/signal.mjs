/** Fixed input for every bench: voiced bursts over faint noise, 8 kHz, the same on every machine. */
export function benchSpeech(seconds) {
  let state = 1;
  return Float32Array.from({ length: seconds * 8000 }, (_, n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const noise = (state / 2 ** 31 - 1) * 0.001;
    const voiced = n % 6000 < 4500 ? 0.3 : 0;
    const pitch = 120 + 30 * Math.sin(n / 9000);
    let sum = 0;
    for (let harmonic = 1; harmonic <= 8; harmonic++)
      sum += Math.sin((2 * Math.PI * pitch * harmonic * n) / 8000) / harmonic;
    return voiced * sum * 0.4 + noise;
  });
}

/** Median of several timed runs, seconds. */
export async function medianSeconds(runs, action) {
  const seconds = [];
  for (let i = 0; i < runs; i++) {
    const start = process.hrtime.bigint();
    await action();
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  return seconds.sort((a, b) => a - b)[Math.floor(runs / 2)];
}
