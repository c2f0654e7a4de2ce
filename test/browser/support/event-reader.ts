/** One server-sent event as it came over the wire. */
export interface ReceivedEvent {
  readonly id: string | undefined;
  readonly name: string;
  readonly data: unknown;
}

/** Reads a stream of server-sent events as a program would that is not a browser. */
export class EventReader {
  readonly #chunks: AsyncIterator<string>;
  readonly #abort: AbortController;
  #text = '';

  private constructor(chunks: AsyncIterator<string>, abort: AbortController) {
    this.#chunks = chunks;
    this.#abort = abort;
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    if (!response.ok || response.body === null)
      throw new Error(`${response.status} ${await response.text()}`);
    const text = response.body.pipeThrough(new TextDecoderStream());
    return new EventReader(text[Symbol.asyncIterator](), abort);
  }

  /** The next `count` events; fewer where the stream ends before. */
  async next(count: number): Promise<ReceivedEvent[]> {
    const events: ReceivedEvent[] = [];
    while (events.length < count) {
      const frame = await this.#frame();
      if (frame === undefined) return events;
      if (frame.includes('data:')) events.push(parsed(frame));
    }
    return events;
  }

  close(): void {
    this.#abort.abort();
  }

  async #frame(): Promise<string | undefined> {
    while (!this.#text.includes('\n\n')) {
      const { value, done } = await this.#chunks.next();
      if (done === true) return undefined;
      this.#text += value;
    }
    const end = this.#text.indexOf('\n\n');
    const frame = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return frame;
  }
}

function parsed(frame: string): ReceivedEvent {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1];
  return { id: field('id'), name: field('event') ?? 'message', data: JSON.parse(field('data') ?? 'null') };
}
