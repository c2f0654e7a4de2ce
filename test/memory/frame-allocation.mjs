// Child of memory.test.ts: pushes an hour of audio through one leg's front end and counts collections of garbage.
// With a young generation of 1 MiB, one collection stands for about a mebibyte that was allocated.
import { PerformanceObserver } from 'node:perf_hooks';
import { DEFAULT_FRONT_END, WindowStream } from '../../dist/features/index.js';

const chunk = Float32Array.from({ length: 160 }, (_, n) => Math.sin(n * 0.3));
const stream = new WindowStream(DEFAULT_FRONT_END);
const out = new Float32Array(stream.windowLength);
let windows = 0;
const onWindow = (index) => {
  stream.snapshot(index, out);
  windows++;
};
const minutes = (count) => {
  for (let i = 0; i < count * 3000; i++) stream.push(chunk, onWindow);
};

minutes(2);
let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ['gc'] });
windows = 0;
minutes(60);
await new Promise((resolve) => setTimeout(resolve, 20));
console.log(JSON.stringify({ collections, windows }));
