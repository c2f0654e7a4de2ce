/**
 * Framing of server-sent events (WHATWG HTML, §9.2). `data` is JSON, so it holds no line break and needs no splitting.
 */
export function sseFrame(event: string, data: unknown, id?: string): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The first frame of a stream: tells the browser how long to wait before it connects again. */
export function sseRetry(retryMs: number): string {
  return `retry: ${retryMs}\n\n`;
}
