import type { Outbox } from '../calls/index.js';
import { cloudEvent } from './cloud-event.js';
import type { ResultTopics, ResultWriterDeps } from './result-writer.js';

/**
 * Takes back what was published of a call: a tombstone on each result topic. On the compacted topic it removes the call;
 * on the others it tells every reader to forget it, and the records themselves go with the topic's retention.
 */
export function eraseResults(
  callId: string,
  origin: string,
  outbox: Outbox,
  { topics, nowMs, observer }: Pick<ResultWriterDeps, 'topics' | 'nowMs' | 'observer'>,
): void {
  const time = new Date(nowMs()).toISOString();
  const tombstone = cloudEvent('erased', { id: `${callId}/erased`, callId, origin, time }, null);
  const add = (topic: keyof ResultTopics, onWritten: () => void) =>
    outbox.add({ topic: topics[topic], ...tombstone }, onWritten);
  add('emotions', () => undefined);
  add('alerts', () => undefined);
  add('calls', () => observer.erased(callId));
}
