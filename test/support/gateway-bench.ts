import type { TopicSettings } from '../../src/bus/index.js';
import { createMemoryBus, type PartitionReader } from '../../src/bus/index.js';
import {
  type AudioLogRecord,
  type DialectName,
  decodeAudioRecord,
  type FeedConnection,
  type FeedSocket,
  Gateway,
  type GatewayOptions,
} from '../../src/ingest/index.js';
import { ManualClock } from './manual-clock.js';

export const AUDIO_TOPIC = 'audio';

/** A socket that remembers what was done to it. */
export class FakeSocket implements FeedSocket {
  readonly sent: unknown[] = [];
  readonly closes: { readonly code: number; readonly reason: string }[] = [];
  paused = false;
  pauses = 0;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }

  pause(): void {
    this.paused = true;
    this.pauses++;
  }

  resume(): void {
    this.paused = false;
  }
}

export interface FakeFeed {
  readonly connection: FeedConnection;
  readonly socket: FakeSocket;
  /** Sends messages: bytes as binary, all else as JSON text. */
  send(...messages: readonly unknown[]): void;
}

/** So that each message of a millisecond and more is a record by itself. */
const EACH_BY_ITSELF = { recordMs: 1 };

/** A gateway on a memory bus, with clock, sockets and feed ids in the hands of the test. */
export class GatewayBench {
  readonly clock = new ManualClock();
  readonly bus;
  readonly gateway: Gateway;
  #feeds = 0;
  #reader: PartitionReader | undefined;
  readonly #read: AudioLogRecord[] = [];

  constructor(options: Partial<GatewayOptions> = {}, topic: Partial<TopicSettings> = {}) {
    const settings = { ...ROOMY, ...topic };
    this.bus = createMemoryBus({ topics: { [AUDIO_TOPIC]: settings }, clock: this.clock });
    this.gateway = new Gateway({
      bus: this.bus,
      audioTopic: AUDIO_TOPIC,
      clock: this.clock,
      newFeedId: (dialect) => `${dialect}-${++this.#feeds}`,
      ...options,
      limits: { ...EACH_BY_ITSELF, ...options.limits },
    });
  }

  async start(): Promise<this> {
    await this.bus.start();
    const onAssigned = (reader: PartitionReader): void => {
      this.#reader = reader;
    };
    await this.bus.subscribe(AUDIO_TOPIC, 'test', { onAssigned, onRevoked: async () => undefined });
    return this;
  }

  connect(dialect: DialectName, authenticatedTenant?: string): FakeFeed {
    const socket = new FakeSocket();
    const connection = this.gateway.connect({ dialect, socket, authenticatedTenant });
    const send = (...messages: readonly unknown[]): void => {
      for (const message of messages) {
        if (message instanceof Uint8Array) connection.binary(message);
        else connection.text(JSON.stringify(message));
      }
    };
    return { connection, socket, send };
  }

  /** Everything on the audio log so far; lets the gateway finish what it has in hand first. */
  async records(): Promise<readonly AudioLogRecord[]> {
    await settle();
    const reader = this.#reader!;
    while (reader.position < (await reader.endOffset())) {
      const batch = await reader.read(1000);
      await reader.commit(reader.position);
      this.#read.push(...batch.map(decodeAudioRecord));
    }
    return this.#read;
  }

  async recordsOf<T extends AudioLogRecord['type']>(
    type: T,
  ): Promise<Extract<AudioLogRecord, { type: T }>[]> {
    const ofType = (record: AudioLogRecord): record is Extract<AudioLogRecord, { type: T }> =>
      record.type === type;
    return (await this.records()).filter(ofType);
  }
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

const ROOMY: TopicSettings = {
  partitions: 1,
  retention: 'until-committed',
  maxRecordsPerPartition: 10_000,
  maxBytesPerPartition: 10_000_000,
};

/** The start message of a generic feed for one leg: telephone audio. */
export const START = {
  event: 'start',
  callId: 'call-1',
  sampleRate: 8000,
  channels: 1,
  encoding: 'mulaw',
  legs: ['customer'],
  tenant: 'acme',
};
export const AGENT_START = { ...START, legs: ['agent'] };
export const STEREO_START = { ...START, channels: 2, legs: ['customer', 'agent'] };
export const STOP = { event: 'stop' };
/** 20 ms of µ-law silence. */
export const CHUNK = new Uint8Array(160).fill(255);

/** A gateway that is ready to be connected to. */
export function startedBench(
  options?: Partial<GatewayOptions>,
  topic?: Partial<TopicSettings>,
): Promise<GatewayBench> {
  return new GatewayBench(options, topic).start();
}
