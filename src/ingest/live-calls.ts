import type { Clock } from '../clock.js';
import { maskPhoneNumbers } from '../phone-numbers.js';
import type { CallEnded, Leg, Notice } from './audio-log.js';
import { CallPause } from './call-pause.js';
import type { IngestLimits } from './limits.js';
import { LiveCall } from './live-call.js';
import type { FeedFault } from './telephony/feed-event.js';

export interface JoinRequest {
  readonly callId: string;
  readonly tenant: string;
  readonly feedId: string;
  readonly legs: readonly Leg[];
  readonly notice: Notice;
  readonly live: boolean;
}

/** Told of what befalls calls without a feed's doing. */
export interface CallsListener {
  /** A pause whose feed broke lasted as long as it may; clocks are moved already. */
  pauseOver(call: LiveCall, pausedMs: number): void;
  /** A call has ended, once, and is no longer here. */
  ended(call: LiveCall, reason: CallEnded['reason']): void;
}

export interface Joined {
  readonly call: LiveCall;
  readonly isNew: boolean;
}

/**
 * All calls that have a feed or wait for one.
 *
 * What always holds: a leg of a call has one feed at most; a call without feeds is either waiting, with a timer, or
 * gone; waiting calls are at most as many as streams are allowed.
 */
export class LiveCalls {
  readonly #calls = new Map<string, LiveCall>();
  readonly #streamsOfTenant = new Map<string, number>();

  constructor(
    readonly limits: IngestLimits,
    readonly clock: Clock,
    readonly listener: CallsListener,
  ) {}

  get size(): number {
    return this.#calls.size;
  }

  join(request: JoinRequest): Joined | FeedFault {
    const known = this.#calls.get(request.callId);
    const fault = this.#refusal(request, known);
    if (fault) return fault;
    const call = known ?? this.#begin(request);
    this.#calls.set(call.callId, call);
    call.cancelGrace?.();
    call.cancelGrace = undefined;
    call.addFeed(request.feedId, request.legs);
    this.#countStream(call.tenant, 1);
    return { call, isNew: !known };
  }

  /** A feed has gone; the call ends with its last feed, at once or after the time of grace. */
  leave(call: LiveCall, feedId: string, reason: CallEnded['reason']): void {
    call.removeFeed(feedId);
    this.#countStream(call.tenant, -1);
    if (call.feedCount > 0) return;
    const waiting = [...this.#calls.values()].filter((other) => other.cancelGrace).length;
    if (reason === 'feed-lost' && waiting < this.limits.maxStreams) {
      call.cancelGrace = this.clock.setTimer(() => this.#end(call, reason), this.limits.reconnectGraceMs);
    } else this.#end(call, reason);
  }

  /** Ends the calls that wait for a feed. */
  endWaiting(reason: CallEnded['reason']): void {
    for (const call of [...this.#calls.values()]) if (call.cancelGrace) this.#end(call, reason);
  }

  #end(call: LiveCall, reason: CallEnded['reason']): void {
    call.cancelGrace?.();
    this.#calls.delete(call.callId);
    this.listener.ended(call, reason);
  }

  #begin({ callId, tenant, notice, live, feedId: firstFeed }: JoinRequest): LiveCall {
    const pause = new CallPause(this.clock, this.limits.pauseTimeoutMs, live, (pausedMs) => {
      call.goOn(pausedMs, this.clock.nowMs());
      this.listener.pauseOver(call, pausedMs);
    });
    const startedAtMs = this.clock.nowMs();
    const call = new LiveCall({ callId, tenant, notice, firstFeed, live, startedAtMs }, pause);
    return call;
  }

  #countStream(tenant: string, change: 1 | -1): void {
    const count = (this.#streamsOfTenant.get(tenant) ?? 0) + change;
    if (count > 0) this.#streamsOfTenant.set(tenant, count);
    else this.#streamsOfTenant.delete(tenant);
  }

  #refusal(request: JoinRequest, known: LiveCall | undefined): FeedFault | undefined {
    const { tenant, legs, notice } = request;
    const callId = maskPhoneNumbers(request.callId);
    if (known && known.tenant !== tenant) {
      const message = `call ${callId} is live and belongs to another tenant.`;
      return { closeCode: 1008, code: 'UT_INGEST_CALL_OF_OTHER_TENANT', message };
    }
    if (known && known.facts.notice !== notice) {
      const message = `call ${callId} began with notice "${known.facts.notice}", and this feed says "${notice}".`;
      return { closeCode: 1008, code: 'UT_INGEST_NOTICE_DIFFERS', message };
    }
    const taken = known?.takenLeg(legs);
    if (taken) {
      const message = `the leg ${taken} of call ${callId} is delivered by another live feed.`;
      return { closeCode: 1008, code: 'UT_INGEST_DUPLICATE_FEED', message };
    }
    const { maxStreamsPerTenant } = this.limits;
    if ((this.#streamsOfTenant.get(tenant) ?? 0) < maxStreamsPerTenant) return undefined;
    const message = `tenant ${tenant} has ${maxStreamsPerTenant} streams open.`;
    return { closeCode: 1013, code: 'UT_INGEST_TOO_MANY_TENANT_STREAMS', message };
  }
}
