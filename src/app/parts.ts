/** Something with a life. Parts start in order and close in reverse. */
export interface Part {
  readonly name: string;
  start(): Promise<void>;
  /** Finishes what it can within the time, then releases everything. */
  close(deadlineMs: number): Promise<void>;
}

/** Starts each part after the one before; if one fails, closes those that had started. */
export async function startParts(parts: readonly Part[]): Promise<void> {
  for (const [i, part] of parts.entries()) {
    try {
      await part.start();
    } catch (error) {
      await closeParts(parts.slice(0, i), 0, () => undefined);
      throw error;
    }
  }
}

/** Closes every part, the last first, whatever becomes of the others. */
export async function closeParts(
  parts: readonly Part[],
  deadlineMs: number,
  onFailure: (part: string, error: unknown) => void,
): Promise<void> {
  for (const part of parts.toReversed()) {
    try {
      await part.close(deadlineMs);
    } catch (error) {
      onFailure(part.name, error);
    }
  }
}
