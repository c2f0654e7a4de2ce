import { readFileSync } from 'node:fs';
import type { Precision } from './kernels.js';

/** Processor flags of Linux that say that bfloat16 is multiplied in hardware. */
const FLAGS = /\b(avx512_bf16|amx_bf16)\b/;

/** The element type in which this machine trains fastest: bfloat16 where its processor multiplies it, else float32. */
export function fastestPrecision(): Precision {
  try {
    return FLAGS.test(readFileSync('/proc/cpuinfo', 'utf8')) ? 'bfloat16' : 'float32';
  } catch {
    return 'float32';
  }
}
