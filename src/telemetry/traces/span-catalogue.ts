/** What an attribute of a span says. Bounded text or a number; never audio, digits or tokens. */
export const SPAN_ATTRIBUTES = {
  'undertone.call.id': 'id of the call; what looks like a phone number in it is masked',
  'undertone.call.end_reason': 'why the call ended',
  'undertone.tenant': 'whose call it is',
  'undertone.feed.id': 'id that the gateway gave the connection',
  'undertone.feed.dialect': 'dialect of the feed',
  'undertone.feed.close_code': 'WebSocket close code, RFC 6455 §7.4',
  'undertone.records': 'records of the audio log',
  'undertone.bytes': 'bytes in them',
  'undertone.longest_append_ms': 'longest time that one of them took to stand in the log',
  'undertone.partition': 'partition of the audio log',
  'undertone.offset': 'offset of the record that completed the window',
  'undertone.leg': 'whose voice it is',
  'undertone.window.index': '`windowIndex` of the point',
  'undertone.window.outcome': '`classified`, `silent`, or `error` where no thread survived it',
  'undertone.model': 'bundle name and the start of its hash',
  'undertone.queue.windows': 'windows that the model had or that waited for it, this one not counted',
  'undertone.alert.rule': 'name in `alerts.rules`',
  'undertone.alert.severity': 'severity of the rule',
  'undertone.alert.state': '`raised` or `ended`',
  'undertone.publish.kind': '`point` or `alert`',
  'undertone.publish.outcome': '`published`, or why it did not go out',
} as const;

export type SpanAttribute = keyof typeof SPAN_ATTRIBUTES;
export type AttributeValues = Readonly<Partial<Record<SpanAttribute, string | number>>>;

/** A span, told to the operator who meets it in a trace. */
export interface SpanDefinition {
  /** Role of the process that makes it. */
  readonly role: 'gateway' | 'worker';
  readonly kind: 'internal' | 'server' | 'producer' | 'consumer';
  /** The span that it hangs on; null for the root of the trace. */
  readonly parent: string | null;
  /** From when to when it lasts. */
  readonly about: string;
  /** What makes it long; absent where its length is nobody's fault. */
  readonly look?: string;
  readonly attributes: readonly SpanAttribute[];
}

/** Every span, in the order of the path. */
export const SPANS = {
  call: {
    role: 'gateway',
    kind: 'internal',
    parent: null,
    about: 'From the first record of the call to its last, on the audio log.',
    attributes: ['undertone.call.id', 'undertone.tenant', 'undertone.call.end_reason'],
  },
  feed: {
    role: 'gateway',
    kind: 'server',
    parent: 'call',
    about: 'A connection, from its opening to its end.',
    attributes: ['undertone.feed.id', 'undertone.feed.dialect', 'undertone.feed.close_code'],
  },
  send: {
    role: 'gateway',
    kind: 'producer',
    parent: 'call',
    about: "Half a second of the call's records, until the last of them stands in the audio log.",
    look: 'a slow broker, or a full bus',
    attributes: ['undertone.records', 'undertone.bytes', 'undertone.longest_append_ms'],
  },
  window: {
    role: 'worker',
    kind: 'consumer',
    parent: 'send',
    about:
      'From the arrival of the last audio of a window in the audio log to its point in the result log: the window delay.',
    attributes: [
      'undertone.call.id',
      'undertone.leg',
      'undertone.window.index',
      'undertone.window.outcome',
      'undertone.model',
      'undertone.partition',
      'undertone.offset',
    ],
  },
  read: {
    role: 'worker',
    kind: 'internal',
    parent: 'window',
    about: 'The record waits in the log, and among those read ahead.',
    look: 'lag: more workers; or clocks that differ',
    attributes: [],
  },
  features: {
    role: 'worker',
    kind: 'internal',
    parent: 'window',
    about: 'Decoding, resampling, frames, up to the window.',
    look: 'a record with seconds of audio in it',
    attributes: [],
  },
  'inference.wait': {
    role: 'worker',
    kind: 'internal',
    parent: 'window',
    about: 'The window waits for a thread.',
    look: 'more `model.threads`, or fewer calls',
    attributes: ['undertone.queue.windows'],
  },
  'inference.run': {
    role: 'worker',
    kind: 'internal',
    parent: 'window',
    about: 'A thread computes it.',
    look: 'a slow processor, or more threads than cores',
    attributes: [],
  },
  timeline: {
    role: 'worker',
    kind: 'internal',
    parent: 'window',
    about: 'Its turn among the windows of the call, smoothing, alert rules.',
    look: 'an earlier window of the call waits for the model',
    attributes: [],
  },
  commit: {
    role: 'worker',
    kind: 'internal',
    parent: 'window',
    about: 'From the point to the commit of its batch.',
    look: 'slow brokers, or a neighbour in the batch that waits for the model',
    attributes: [],
  },
  alert: {
    role: 'worker',
    kind: 'internal',
    parent: 'window',
    about:
      'An alert, from being raised or ended to the commit of its batch; before the first window it hangs on `send`.',
    attributes: ['undertone.alert.rule', 'undertone.alert.severity', 'undertone.alert.state'],
  },
  publish: {
    role: 'worker',
    kind: 'producer',
    parent: 'window',
    about: 'From the commit to the answer of Redis; of an alert, it hangs on that.',
    look: 'a slow Redis',
    attributes: ['undertone.publish.kind', 'undertone.publish.outcome'],
  },
} as const satisfies Record<string, SpanDefinition>;

export type SpanName = keyof typeof SPANS;
/** What a span may say; the compiler refuses the rest. */
export type AttributesOf<S extends SpanName> = Pick<AttributeValues, (typeof SPANS)[S]['attributes'][number]>;
