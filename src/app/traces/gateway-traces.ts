import type { BusWriter, NewRecord, RecordPosition } from '../../bus/index.js';
import type { Clock } from '../../clock.js';
import type { CallEnded, IngestObserver } from '../../ingest/index.js';
import { maskPhoneNumbers } from '../../phone-numbers.js';
import { type OpenSpan, TRACEPARENT, type TraceParent, type Tracer } from '../../telemetry/index.js';
import { isInShare } from '../share.js';
import { SendSpan } from './send-span.js';

/** Records of so long a time share a span: one a record would be fifty a second and call. */
const SEND_SPAN_MS = 500;

interface TracedCall {
  readonly span: OpenSpan<'call'>;
  send: SendSpan;
  endReason?: CallEnded['reason'];
}

interface TracedFeed {
  readonly openedAtMs: number;
  call?: TraceParent;
}

export interface GatewayTracesDeps {
  readonly tracer: Tracer;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Share of the calls that are traced, 0…1. */
  readonly share: number;
}

/**
 * Spans of what the gateway does, made of what it tells its observer and writes to the audio log.
 *
 * Always holds: a call is remembered from its first record on the log until it is ended or left, a feed while it is open; a record of
 * a traced call differs from the same record untraced in one header.
 */
export class GatewayTraces {
  readonly #deps: GatewayTracesDeps;
  readonly #calls = new Map<string, TracedCall>();
  readonly #feeds = new Map<string, TracedFeed>();

  constructor(deps: GatewayTracesDeps) {
    this.#deps = deps;
  }

  /** The audio log as the gateway is to write to it. */
  writer(bus: BusWriter): BusWriter {
    return { append: (topic, record) => this.#append(bus, topic, record) };
  }

  /** @param observer is told everything as before */
  observer(observer: IngestObserver): IngestObserver {
    return {
      ...observer,
      feedOpened: (feed) => {
        this.#feeds.set(feed.feedId, { openedAtMs: this.#nowMs() });
        observer.feedOpened(feed);
      },
      feedClosed: (feed, closeCode) => {
        this.#feedClosed(feed, closeCode);
        observer.feedClosed(feed, closeCode);
      },
      callEnded: (callId, tenant, reason) => {
        const call = this.#calls.get(callId);
        if (call !== undefined) call.endReason = reason;
        observer.callEnded(callId, tenant, reason);
      },
      callLeft: (callId, tenant) => {
        const call = this.#calls.get(callId);
        if (call !== undefined) this.#end(callId, call);
        observer.callLeft(callId, tenant);
      },
    };
  }

  async #append(bus: BusWriter, topic: string, record: NewRecord): Promise<RecordPosition> {
    const call = this.#callOf(record);
    if (call === undefined) return bus.append(topic, record);
    this.#joinFeed(record, call);
    const { traceparent, appended } = this.#sendOf(call).append(record, this.#nowMs());
    const traced = { ...record, headers: { ...record.headers, [TRACEPARENT]: traceparent } };
    try {
      const position = await bus.append(topic, traced);
      appended(this.#nowMs());
      return position;
    } catch (error) {
      appended(this.#nowMs(), true);
      throw error;
    } finally {
      if (record.headers.ce_type === 'call.ended') this.#end(record.key, call);
    }
  }

  #callOf({ key, headers }: NewRecord): TracedCall | undefined {
    const known = this.#calls.get(key);
    if (known !== undefined || headers.ce_type !== 'call.started') return known;
    return isInShare(key, this.#deps.share) ? this.#begin(key, headers.tenant!) : undefined;
  }

  #begin(callId: string, tenant: string): TracedCall {
    const nowMs = this.#nowMs();
    const about = {
      'undertone.call.id': maskPhoneNumbers(callId),
      'undertone.tenant': maskPhoneNumbers(tenant),
    };
    const span = this.#deps.tracer.start('call', null, nowMs, about);
    const call = { span, send: this.#newSend(span.traceparent) };
    this.#calls.set(callId, call);
    return call;
  }

  #newSend(call: TraceParent): SendSpan {
    return new SendSpan(this.#deps.tracer, call, this.#nowMs());
  }

  #sendOf(call: TracedCall): SendSpan {
    if (this.#nowMs() - call.send.startMs >= SEND_SPAN_MS) {
      call.send.close();
      call.send = this.#newSend(call.span.traceparent);
    }
    return call.send;
  }

  #end(callId: string, { span, send, endReason }: TracedCall): void {
    this.#calls.delete(callId);
    send.close();
    if (endReason !== undefined) span.set({ 'undertone.call.end_reason': endReason });
    span.end(this.#nowMs(), endReason === 'error');
  }

  /** `ce_id` is the feed's id and the number of the record. */
  #joinFeed({ headers }: NewRecord, { span }: TracedCall): void {
    const id = headers.ce_id!;
    const feed = this.#feeds.get(id.slice(0, id.lastIndexOf('/')));
    if (feed !== undefined) feed.call = span.traceparent;
  }

  #feedClosed(
    { feedId, dialect }: Parameters<IngestObserver['feedClosed']>[0],
    closeCode: Parameters<IngestObserver['feedClosed']>[1],
  ): void {
    const feed = this.#feeds.get(feedId);
    this.#feeds.delete(feedId);
    if (feed?.call === undefined) return;
    this.#deps.tracer.record('feed', feed.call, [feed.openedAtMs, this.#nowMs()], {
      'undertone.feed.id': feedId,
      'undertone.feed.dialect': dialect,
      'undertone.feed.close_code': closeCode,
    });
  }

  #nowMs(): number {
    return this.#deps.clock.nowMs();
  }
}
