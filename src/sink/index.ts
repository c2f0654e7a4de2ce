export { cloudEvent, EVENT_TYPES, type EventKind } from './cloud-event.js';
export { eraseResults } from './erasure.js';
export * from './redis/index.js';
export {
  type ResultObserver,
  type ResultTopics,
  ResultWriter,
  type ResultWriterDeps,
} from './result-writer.js';
