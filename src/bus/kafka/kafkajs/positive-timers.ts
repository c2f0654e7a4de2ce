import { createRequire } from 'node:module';

interface RequestQueue {
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

let kept = false;

/**
 * kafkajs 2.2.4 sets timers in the past (a queue that was never throttled is "throttled until −1"), about which
 * Node 24 prints a TimeoutNegativeWarning each time. A queue that is not throttled is throttled until now.
 */
export function keepTimersPositive(): void {
  if (kept) return;
  kept = true;
  const load = createRequire(import.meta.url);
  const { prototype } = load('kafkajs/src/network/requestQueue') as { readonly prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    this.throttledUntil = Math.max(this.throttledUntil, Date.now());
    schedule.call(this);
  };
}
