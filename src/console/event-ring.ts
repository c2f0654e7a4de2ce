import type { ConsoleEvent } from './events.js';
import { sseFrame } from './sse.js';

/** An event as it goes over the wire, framed once for all streams. */
export interface RingEntry {
  readonly seq: number;
  readonly callId: string;
  /** Missing where the event belongs to whoever watches (an erasure). */
  readonly tenant: string | undefined;
  readonly frame: string;
}

export type Resumption =
  | { readonly ok: true; readonly entries: readonly RingEntry[] }
  /** `restarted`: the id is of another run of the console; `too-old`: what followed it is no longer held. */
  | { readonly ok: false; readonly reason: 'restarted' | 'too-old' };

/**
 * The newest events, so that a broken stream is resumed without a hole. Always holds: entries are consecutive in
 * `seq`; their number and their bytes stay within the bounds. An id is `<run>-<seq>`.
 */
export class EventRing {
  readonly #run: string;
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  readonly #entries: RingEntry[] = [];
  #bytes = 0;
  #nextSeq = 1;

  /** @param run names this run of the process; no other run may have it. */
  constructor(run: string, maxEvents: number, maxBytes: number) {
    this.#run = run;
    this.#maxEvents = maxEvents;
    this.#maxBytes = maxBytes;
  }

  /** The id of the newest event, or of the time before the first. */
  get lastId(): string {
    return `${this.#run}-${this.#nextSeq - 1}`;
  }

  push(event: ConsoleEvent): RingEntry {
    const seq = this.#nextSeq++;
    const frame = sseFrame(event.kind, event.value, this.lastId);
    const tenant = event.kind === 'erased' ? undefined : event.value.tenant;
    const entry = { seq, callId: event.value.callId, tenant, frame };
    this.#entries.push(entry);
    this.#bytes += bytesOf(entry);
    this.#trim();
    return entry;
  }

  /** Everything after the event with this id. */
  after(lastId: string): Resumption {
    const [, run, digits] = /^(.*)-(\d{1,15})$/.exec(lastId) ?? [];
    const seq = Number(digits);
    if (run !== this.#run || seq >= this.#nextSeq) return { ok: false, reason: 'restarted' };
    const oldestSeq = this.#entries[0]?.seq ?? this.#nextSeq;
    if (seq < oldestSeq - 1) return { ok: false, reason: 'too-old' };
    return { ok: true, entries: this.#entries.slice(seq + 1 - oldestSeq) };
  }

  #trim(): void {
    while (this.#entries.length > this.#maxEvents || this.#bytes > this.#maxBytes) {
      this.#bytes -= bytesOf(this.#entries.shift()!);
    }
  }
}

function bytesOf(entry: RingEntry): number {
  return entry.frame.length * 2;
}
