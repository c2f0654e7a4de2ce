import { createRequire } from 'node:module';

interface SocketRequest {
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

/** Requests to one broker. `throttledUntil` is a `performance.now()` here. */
export interface RequestQueue {
  readonly maxInFlightRequests: number | null;
  readonly enforceRequestTimeout: boolean;
  readonly inflight: ReadonlyMap<number, SocketRequest>;
  readonly pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  requestTimeoutIntervalId: NodeJS.Timeout;
  isConnected(): boolean;
  destroy(): void;
  maybeThrottle(throttleMs: number | null): void;
  canSendSocketRequestImmediately(): boolean;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
}

export interface ConsumerGroup {
  lastRequest: number;
  heartbeat(options: { readonly interval: number }): Promise<void>;
}

const PENDING_CHECK_MS = 10;
const TIMEOUT_CHECK_MS = 100;

let kept = false;

/**
 * kafkajs 2.2.4 measures by the wall clock. Set back by an hour it would send no heartbeat for an hour, and nothing at
 * all on a connection that has ever been throttled; set forward it gives up every request under way. It also wakes up
 * a thousand times a second for each connection on which nothing waits, by timers in the past, about which Node 24
 * prints a warning each time. Here all of this goes by time as it passes, and nothing wakes up for nothing.
 */
export function keepTimeSteady(): void {
  if (kept) return;
  kept = true;
  const load = createRequire(import.meta.url);
  steadyQueue((load('kafkajs/src/network/requestQueue') as { readonly prototype: RequestQueue }).prototype);
  steadyGroup(
    (load('kafkajs/src/consumer/consumerGroup') as { readonly prototype: ConsumerGroup }).prototype,
  );
}

function steadyQueue(prototype: RequestQueue): void {
  prototype.maybeThrottle = function (throttleMs) {
    this.throttledUntil = Math.max(this.throttledUntil, performance.now() + (throttleMs ?? 0));
  };
  prototype.canSendSocketRequestImmediately = function () {
    const isFull = this.maxInFlightRequests !== null && this.inflight.size >= this.maxInFlightRequests;
    return !isFull && this.throttledUntil <= performance.now();
  };
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, PENDING_CHECK_MS);
  };
  prototype.scheduleRequestTimeoutCheck = function () {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(timeoutCheck(this), TIMEOUT_CHECK_MS);
  };
}

/** What is under way for longer than it may, from the first look on that found it so. */
function timeoutCheck(queue: RequestQueue): () => void {
  const seenAtMs = new WeakMap<SocketRequest, number>();
  return () => {
    const nowMs = performance.now();
    for (const request of [...queue.inflight.values()]) {
      const sinceMs = seenAtMs.get(request) ?? nowMs;
      seenAtMs.set(request, sinceMs);
      if (nowMs - sinceMs > request.requestTimeout) request.timeoutRequest();
    }
    if (!queue.isConnected()) queue.destroy();
  };
}

/** A last request in the future tells that the clock was set back since: then the next one is due. */
function steadyGroup(prototype: ConsumerGroup): void {
  const { heartbeat } = prototype;
  prototype.heartbeat = function (options) {
    if (this.lastRequest > Date.now()) this.lastRequest = 0;
    return heartbeat.call(this, options);
  };
}
