export { CALL_STATE_TYPE, type CallStateDocument, callStateSchema } from './call-state.js';
export {
  backOffMs,
  createRedisClient,
  createSubscriber,
  type RedisClient,
  type RedisTls,
  redisPlace,
  redisTls,
} from './client.js';
export { redisError } from './errors.js';
export { RedisNames } from './names.js';
export { type DropReason, type RedisObserver, SILENT_REDIS_OBSERVER } from './observer.js';
export { MESSAGE_TYPES, type PublicationKind } from './publication.js';
export { RedisPublisher } from './publisher.js';
export { FailureReporter } from './reporter.js';
