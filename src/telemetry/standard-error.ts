import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

const STANDARD_ERROR = 2;
/** A reader of a pipe that is behind is waited for so long, and no longer: calls are waiting too. */
const PATIENCE_MS = 50;
const WAIT_MS = 5;

/** Where lines of a log go. */
export interface LogDestination extends DestinationStream {
  /** Lines that could not be written, since the process began. */
  readonly linesLost: number;
}

/**
 * Standard error as a log's destination. It never throws and never waits for long: a full disk, or nobody who reads, costs lines of
 * the log and nothing else. (pino's own destination tries again for ever.)
 *
 * @param onLost told how many lines were lost, once lines can be written again
 * @param write one attempt, as `fs.writeSync` makes it
 */
export function standardError(
  onLost: (lines: number) => void = () => {},
  write: (bytes: Buffer) => number = (bytes) => writeSync(STANDARD_ERROR, bytes),
): LogDestination {
  let lost = 0;
  let linesLost = 0;
  let isLineOpen = false;
  return {
    get linesLost() {
      return linesLost;
    },
    write(line) {
      const left = writeAll(Buffer.from(isLineOpen ? `\n${line}` : line), write);
      isLineOpen = left > 0 && (isLineOpen || left < Buffer.byteLength(line));
      if (left > 0) {
        lost++;
        linesLost++;
      } else if (lost > 0) {
        const lines = lost;
        lost = 0;
        onLost(lines);
      }
    },
  };
}

/** @returns bytes that could not be written */
function writeAll(bytes: Buffer, write: (bytes: Buffer) => number): number {
  let left = bytes;
  for (let waitedMs = 0; left.length > 0; ) {
    try {
      left = left.subarray(write(left));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || waitedMs >= PATIENCE_MS) break;
      Atomics.wait(CELL, 0, 0, WAIT_MS);
      waitedMs += WAIT_MS;
    }
  }
  return left.length;
}

const CELL = new Int32Array(new SharedArrayBuffer(4));
