import { UndertoneError } from '../errors.js';
import type { EventRing, RingEntry } from './event-ring.js';
import type { ConsoleObserver, StreamEnd } from './observer.js';
import { sseFrame } from './sse.js';

/** The connection of one watcher; the HTTP response stands behind it. */
export interface StreamSink {
  write(text: string): void;
  /** Bytes written that the reader has not taken yet. */
  backlogBytes(): number;
  close(): void;
}

/** What a watcher wants to hear of; a missing field means everything. */
export interface StreamFilter {
  readonly callId?: string | undefined;
  readonly tenant?: string | undefined;
}

interface Stream {
  readonly sink: StreamSink;
  readonly filter: StreamFilter;
}

export interface StreamHubLimits {
  readonly maxStreams: number;
  readonly maxStreamBacklogBytes: number;
}

/**
 * Hands each event to every stream that wants it. Never waits: a stream whose reader is too slow is closed, and the
 * reader resumes by `Last-Event-ID`. Always holds: no stream is in the hub after its sink was closed.
 */
export class StreamHub {
  readonly #ring: EventRing;
  readonly #limits: StreamHubLimits;
  readonly #observer: ConsoleObserver;
  readonly #streams = new Set<Stream>();

  constructor(ring: EventRing, limits: StreamHubLimits, observer: ConsoleObserver) {
    this.#ring = ring;
    this.#limits = limits;
    this.#observer = observer;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Throws UT_CONSOLE_TOO_MANY_STREAMS where {@link open} would exceed the bound. */
  assertRoom(): void {
    const { maxStreams } = this.#limits;
    if (this.#streams.size < maxStreams) return;
    throw new UndertoneError('UT_CONSOLE_TOO_MANY_STREAMS', `${maxStreams} streams are open.`, {
      retriable: true,
    });
  }

  /**
   * Sends what the watcher missed since `lastId`, then everything as it comes. Where what was missed is no longer
   * held, a `reset` event tells the watcher to read the state again. Without `lastId` the stream begins now.
   * @returns ends the stream because its reader has gone.
   */
  open(sink: StreamSink, filter: StreamFilter, lastId: string | undefined): () => void {
    const stream: Stream = { sink, filter };
    this.#streams.add(stream);
    this.#observer.streamOpened();
    sink.write(this.#hello());
    if (lastId !== undefined) this.#resume(stream, lastId);
    return () => this.#end(stream, 'reader-left');
  }

  broadcast(entry: RingEntry): void {
    for (const stream of this.#streams) this.#offer(stream, entry);
  }

  heartbeat(): void {
    for (const stream of this.#streams) this.#send(stream, sseFrame('heartbeat', {}));
  }

  /** Ends every stream. */
  close(): void {
    for (const stream of this.#streams) this.#end(stream, 'shutdown');
  }

  #hello(): string {
    return sseFrame('hello', { eventId: this.#ring.lastId });
  }

  #resume(stream: Stream, lastId: string): void {
    const missed = this.#ring.after(lastId);
    if (!missed.ok) {
      this.#send(stream, sseFrame('reset', { reason: missed.reason }, this.#ring.lastId));
      return;
    }
    for (const entry of missed.entries) this.#offer(stream, entry);
  }

  #offer(stream: Stream, entry: RingEntry): void {
    if (wants(stream.filter, entry)) this.#send(stream, entry.frame);
  }

  #send(stream: Stream, text: string): void {
    if (!this.#streams.has(stream)) return;
    stream.sink.write(text);
    if (stream.sink.backlogBytes() > this.#limits.maxStreamBacklogBytes) this.#end(stream, 'too-slow');
  }

  #end(stream: Stream, reason: StreamEnd): void {
    if (!this.#streams.delete(stream)) return;
    this.#observer.streamEnded(reason);
    stream.sink.close();
  }
}

function wants(filter: StreamFilter, entry: RingEntry): boolean {
  const callFits = filter.callId === undefined || filter.callId === entry.callId;
  const tenantFits =
    filter.tenant === undefined || entry.tenant === undefined || filter.tenant === entry.tenant;
  return callFits && tenantFits;
}
