import { type ErrorCode, UndertoneError } from '../../../errors.js';

interface KafkajsLike {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly retriable?: unknown;
  readonly cause?: unknown;
}

/** By the broker's answer (`type`). */
const BY_TYPE: Readonly<Record<string, ErrorCode>> = {
  MESSAGE_TOO_LARGE: 'UT_BUS_RECORD_TOO_LARGE',
  RECORD_LIST_TOO_LARGE: 'UT_BUS_RECORD_TOO_LARGE',
  PRODUCER_FENCED: 'UT_BUS_FENCED',
  INVALID_PRODUCER_EPOCH: 'UT_BUS_FENCED',
  INVALID_PRODUCER_ID_MAPPING: 'UT_BUS_FENCED',
  TRANSACTION_COORDINATOR_FENCED: 'UT_BUS_FENCED',
  ILLEGAL_GENERATION: 'UT_BUS_FENCED',
  UNKNOWN_MEMBER_ID: 'UT_BUS_FENCED',
  REBALANCE_IN_PROGRESS: 'UT_BUS_FENCED',
  FENCED_INSTANCE_ID: 'UT_BUS_FENCED',
  UNKNOWN_TOPIC_OR_PARTITION: 'UT_KAFKA_TOPIC_MISSING',
  SASL_AUTHENTICATION_FAILED: 'UT_KAFKA_AUTHENTICATION',
  UNSUPPORTED_SASL_MECHANISM: 'UT_KAFKA_AUTHENTICATION',
  TOPIC_AUTHORIZATION_FAILED: 'UT_KAFKA_AUTHORIZATION',
  GROUP_AUTHORIZATION_FAILED: 'UT_KAFKA_AUTHORIZATION',
  CLUSTER_AUTHORIZATION_FAILED: 'UT_KAFKA_AUTHORIZATION',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'UT_KAFKA_AUTHORIZATION',
};

/** By the client's own kinds of error, where the broker did not answer. */
const BY_NAME: Readonly<Record<string, ErrorCode>> = {
  KafkaJSSASLAuthenticationError: 'UT_KAFKA_AUTHENTICATION',
  KafkaJSConnectionError: 'UT_KAFKA_UNREACHABLE',
  KafkaJSConnectionClosedError: 'UT_KAFKA_UNREACHABLE',
  KafkaJSRequestTimeoutError: 'UT_KAFKA_UNREACHABLE',
  KafkaJSBrokerNotFound: 'UT_KAFKA_UNREACHABLE',
  KafkaJSNoBrokerAvailableError: 'UT_KAFKA_UNREACHABLE',
};

/** Nobody can mend these by trying again. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'UT_BUS_RECORD_TOO_LARGE',
  'UT_KAFKA_AUTHENTICATION',
  'UT_KAFKA_AUTHORIZATION',
]);

/** What kafkajs threw, as one of Undertone's errors; those pass unchanged. `place` names the topic, group or brokers. */
export function fromKafkajs(error: unknown, place: string): UndertoneError {
  if (error instanceof UndertoneError) return error;
  const code = codeOf(error) ?? 'UT_KAFKA_FAILED';
  return new UndertoneError(code, sentence(error), { place, cause: error, retriable: !FINAL.has(code) });
}

/** kafkajs wraps: the innermost error that is known decides. */
function codeOf(error: unknown): ErrorCode | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { name, type, cause, message } = error as KafkajsLike;
  const inner = cause === error ? undefined : codeOf(cause);
  if (inner !== undefined) return inner;
  if (typeof type === 'string' && type in BY_TYPE) return BY_TYPE[type];
  if (typeof message === 'string' && REFUSED_CERTIFICATE.test(message)) return 'UT_KAFKA_AUTHENTICATION';
  return typeof name === 'string' ? BY_NAME[name] : undefined;
}

/** TLS refusals come as connection errors; no retry makes a certificate good. */
const REFUSED_CERTIFICATE =
  /certificate|self.signed|unable to verify|wrong version number|alert (bad|unknown|certificate)/i;

/** Why no coordinator was found kafkajs keeps for itself. */
const NO_COORDINATOR = 'Failed to find group coordinator';

function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (text === NO_COORDINATOR)
    return `${text}; the rights on the group or the transactional id may be missing.`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
