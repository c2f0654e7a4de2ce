import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import { createMemoryBus, type MemoryBus } from '../../../src/bus/index.js';
import { systemClock } from '../../../src/clock.js';
import { type Console, type ConsoleOptions, createConsole } from '../../../src/console/index.js';
import type { Alert, CallSummary, Hole, Point } from '../../../src/timeline/index.js';
import type { ScriptedCall } from './scripted-call.js';

const TOPIC = {
  partitions: 2,
  retention: 'newest',
  maxRecordsPerPartition: 20_000,
  maxBytesPerPartition: 32 << 20,
} as const;

export type ConsoleServerOptions = Partial<Omit<ConsoleOptions, 'bus' | 'http'>>;

/** A real console on a real port, fed by hand through a real memory bus. */
export class ConsoleServer {
  readonly #options: ConsoleServerOptions;
  readonly #sockets = new WebSocketServer({ noServer: true });
  #bus!: MemoryBus;
  #http!: FastifyInstance;
  #console!: Console;
  /** Messages of the microphone's connections, in order; binary ones as Buffers. */
  readonly heard: (string | Buffer)[] = [];

  constructor(options: ConsoleServerOptions) {
    this.#options = options;
  }

  async start(port = 0): Promise<void> {
    const names = ['undertone.emotions.v1', 'undertone.calls.v1', 'undertone.alerts.v1'];
    const topics = Object.fromEntries(names.map((name) => [name, TOPIC]));
    this.#bus = createMemoryBus({ topics, clock: systemClock });
    this.#http = fastify({ forceCloseConnections: true });
    this.#console = createConsole({
      bus: this.#bus,
      http: this.#http,
      tokens: [],
      ...this.#options,
      microphoneFeed: '/v1/feeds/generic',
    });
    this.#acceptMicrophone();
    await this.#bus.start();
    await this.#console.start();
    await this.#http.listen({ port, host: '127.0.0.1' });
  }

  async close(): Promise<void> {
    for (const webSocket of this.#sockets.clients) webSocket.terminate();
    await this.#console.close();
    await this.#http.close();
    await this.#bus.close();
  }

  get port(): number {
    return (this.#http.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** Publishes windows `from` … `to` − 1 of a call, and its summary at that moment. */
  async play(
    call: ScriptedCall,
    from: number,
    to: number,
    state: CallSummary['state'] = 'live',
  ): Promise<void> {
    await this.summary(call.summary(from));
    for (let index = from; index < to; index++) {
      const event = call.event(index);
      if (event !== undefined) await this.emotion(event);
    }
    await this.summary(call.summary(to, state));
  }

  async emotion(event: Point | Hole): Promise<void> {
    const kind = 'reason' in event ? 'undertone.hole.v1' : 'undertone.point.v1';
    await this.#append('undertone.emotions.v1', kind, event);
  }

  async summary(summary: CallSummary): Promise<void> {
    await this.#append('undertone.calls.v1', 'undertone.call.v1', summary);
  }

  async alert(alert: Alert): Promise<void> {
    await this.#append('undertone.alerts.v1', 'undertone.alert.v1', alert);
  }

  async erase(callId: string): Promise<void> {
    await this.#bus.append('undertone.calls.v1', { key: callId, value: null, headers: {} });
  }

  async #append(topic: string, ceType: string, event: { callId: string }): Promise<void> {
    const value = Buffer.from(JSON.stringify(event));
    await this.#bus.append(topic, { key: event.callId, value, headers: { ce_type: ceType } });
  }

  /** Closes the microphone's connections as a feed would that refuses them. */
  hangUp(code: number, reason: string): void {
    for (const webSocket of this.#sockets.clients) webSocket.close(code, reason);
  }

  #acceptMicrophone(): void {
    this.#http.server.on('upgrade', (request, socket, head) => {
      if (request.url !== '/v1/feeds/generic') return socket.destroy();
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('close', () => this.heard.push('closed'));
        webSocket.on('message', (data: Buffer, isBinary) =>
          this.heard.push(isBinary ? data : data.toString()),
        );
      });
    });
  }
}
