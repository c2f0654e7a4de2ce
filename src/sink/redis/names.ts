/** Channels and keys. Tenants and call ids stand in them as they are. */
export class RedisNames {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  alertsChannel(tenant: string): string {
    return `${this.#prefix}:alerts:${tenant}`;
  }

  callChannel(callId: string): string {
    return `${this.#prefix}:calls:${callId}`;
  }

  /** Latest state of a call. */
  stateKey(callId: string): string {
    return `${this.#prefix}:call:${callId}`;
  }

  /** Stands for a while after a call was erased, so that a reader who missed the message learns of it. */
  erasedKey(callId: string): string {
    return `${this.#prefix}:erased:${callId}`;
  }

  /** Patterns for PSUBSCRIBE that cover all channels. */
  get channelPatterns(): readonly [string, string] {
    return [this.callChannel('*'), this.alertsChannel('*')];
  }

  /** Pattern for SCAN that covers all keys. */
  get keyPattern(): string {
    return `${this.#prefix}:*`;
  }

  /** What a key found with {@link keyPattern} stands for; null for keys of others. */
  keyKind(key: string): { readonly kind: 'state' | 'erased'; readonly callId: string } | null {
    for (const [kind, start] of [
      ['state', this.stateKey('')],
      ['erased', this.erasedKey('')],
    ] as const) {
      if (key.startsWith(start)) return { kind, callId: key.slice(start.length) };
    }
    return null;
  }
}
