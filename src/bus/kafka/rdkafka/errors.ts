import { type ErrorCode, UndertoneError } from '../../../errors.js';
import type { NativeError } from './node-rdkafka.js';

/** Codes of librdkafka that the driver itself tells apart. */
export const NATIVE = {
  assignPartitions: -175,
  revokePartitions: -174,
  state: -172,
  fatal: -150,
  maxPollExceeded: -147,
  illegalGeneration: 22,
  unknownMember: 25,
  rebalanceInProgress: 27,
} as const;

/** Codes that mean that the group's generation went on without this member knowing it yet. */
const GENERATION: ReadonlySet<number> = new Set([
  NATIVE.illegalGeneration,
  NATIVE.unknownMember,
  NATIVE.rebalanceInProgress,
]);

interface Kind {
  readonly code: ErrorCode;
  /** Codes of librdkafka. */
  readonly codes: readonly number[];
  /** Where a text comes without its code (delivery reports, events of the client): a part of it, in lower case. */
  readonly texts: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    code: 'UT_BUS_RECORD_TOO_LARGE',
    codes: [10, 18],
    texts: ['message size too large', 'message batch larger'],
  },
  {
    code: 'UT_BUS_FENCED',
    codes: [-144, 47, 49, 82, 90, ...GENERATION],
    texts: ['fenced', 'old epoch', 'generation'],
  },
  { code: 'UT_KAFKA_TOPIC_MISSING', codes: [-190, -188, 3], texts: ['unknown topic', 'unknown partition'] },
  // Certificates that are refused come as connections that broke, with the reason in the text.
  {
    code: 'UT_KAFKA_AUTHENTICATION',
    codes: [-181, -169, 33, 34, 58],
    texts: ['authentication fail', 'ssl handshake failed', 'ssl error', 'unsupported sasl'],
  },
  { code: 'UT_KAFKA_AUTHORIZATION', codes: [29, 30, 31, 53], texts: ['authorization failed'] },
  {
    code: 'UT_KAFKA_UNREACHABLE',
    codes: [-195, -193, -192, -187, -185, -166, 7],
    texts: ['transport failure', 'connections are down', 'timed out', 'host resolution'],
  },
];

const BY_CODE: ReadonlyMap<number, ErrorCode> = new Map(
  KINDS.flatMap(({ code, codes }) => codes.map((each) => [each, code] as const)),
);

/** Nobody can mend these by trying again. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'UT_BUS_RECORD_TOO_LARGE',
  'UT_KAFKA_AUTHENTICATION',
  'UT_KAFKA_AUTHORIZATION',
]);

/** A group's coordinator is looked for, or a consumer came late to its queue. */
const PASSING: ReadonlySet<number> = new Set([NATIVE.maxPollExceeded, 14, 15, 16]);

/** Leader not available, not leader for partition. */
const LEADER: ReadonlySet<number> = new Set([5, 6]);

/** librdkafka goes on trying by itself after what a consumer reports here. */
export function mendsItself(error: unknown): boolean {
  return PASSING.has(nativeCode(error)) || codeOf(error) === 'UT_KAFKA_UNREACHABLE';
}

/** What node-rdkafka reported, as one of Undertone's errors; those pass unchanged. `place` names the topic, group or brokers. */
export function fromRdkafka(error: unknown, place: string): UndertoneError {
  if (error instanceof UndertoneError) return error;
  const code = codeOf(error) ?? 'UT_KAFKA_FAILED';
  return new UndertoneError(code, sentence(error), { place, cause: error, retriable: !FINAL.has(code) });
}

/** A partition's leader is being chosen, or is another one than the client knows: a topic that was just made, a broker that died. */
export function isLeaderMoving(error: unknown): boolean {
  return LEADER.has(nativeCode(error instanceof UndertoneError ? error.cause : error));
}

/** The same commit may succeed with the member's next generation, if the partition is still the member's then. */
export function isStaleGeneration(error: unknown): boolean {
  return GENERATION.has(nativeCode(error));
}

/** A call within a transaction that had failed before. */
export function isAftermath(error: unknown): boolean {
  return nativeCode(error) === NATIVE.state && (error as NativeError).isTxnRequiresAbort === true;
}

/** No broker that is known can be reached. An event of a client, and as such without its code. */
export function areAllDown(error: unknown): boolean {
  return /all broker connections are down/i.test(textOf(error));
}

/** The client is of no use any more. Events of a client come without their code. */
export function isFatal(error: unknown): boolean {
  return nativeCode(error) === NATIVE.fatal || /fatal error/i.test(textOf(error));
}

export function nativeCode(error: unknown): number {
  const code = (error as Partial<NativeError> | null | undefined)?.code;
  return typeof code === 'number' ? code : -1;
}

/** Texts decide only where no code is known: librdkafka gives some errors as text alone. */
function codeOf(error: unknown): ErrorCode | undefined {
  const known = BY_CODE.get(nativeCode(error));
  if (known !== undefined) return known;
  const text = textOf(error).toLowerCase();
  return KINDS.find(({ texts }) => texts.some((part) => text.includes(part)))?.code;
}

function textOf(error: unknown): string {
  const message = (error as Partial<NativeError> | null | undefined)?.message;
  return typeof message === 'string' ? message : String(error);
}

function sentence(error: unknown): string {
  const text = textOf(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
