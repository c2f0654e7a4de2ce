import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { PartitionUsage } from '../bus/index.js';
import type { HttpConfig } from '../config/index.js';
import { UndertoneError } from '../errors.js';
import type { FeedServer } from '../ingest/index.js';
import { EventLoopWatch, type Health, type Metrics, publishHealth } from '../telemetry/index.js';

/** How a process stands at this moment. */
export interface ProcessUsage {
  readonly bus: readonly PartitionUsage[];
  /** Windows that wait for the engine. */
  readonly queuedWindows: number;
  /** Threads that the engine computes with; 0 without the role `worker`. */
  readonly threads: number;
  /** Lines of the log that could not be written, since the process began. */
  readonly logLinesLost: number;
}

/** The one port of a process: health and metrics, the console's pages, and the upgrade of feeds to WebSockets. */
export class WebServer {
  readonly http: FastifyInstance;
  readonly #config: HttpConfig;
  readonly #loop = new EventLoopWatch();
  #logLinesCounted = 0;
  #feeds: FeedServer | null = null;

  constructor(
    config: HttpConfig,
    health: Health,
    registry: Registry,
    metrics: Metrics,
    usage: () => ProcessUsage,
  ) {
    this.#config = config;
    this.http = Fastify({
      forceCloseConnections: 'idle',
      bodyLimit: 64 * 1024,
      http: { headersTimeout: config.headersTimeoutMs },
      logger: false,
    });
    this.http.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.http.get('/health/live', async (_request, reply) => {
      const report = health.report();
      return reply.code(report.live ? 200 : 503).send(report);
    });
    this.http.get('/health/ready', async (_request, reply) => {
      const report = health.report();
      return reply.code(report.ready ? 200 : 503).send(report);
    });
    this.http.get('/metrics', async (_request, reply) => {
      this.#loop.publish(metrics);
      publishHealth(health.report(), metrics);
      this.#publishUsage(metrics, usage());
      return reply.type(registry.contentType).send(await registry.metrics());
    });
  }

  /** Address to open in a browser on this machine; known once it listens. */
  get url(): string {
    const { host } = this.#config;
    const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
    const { port } = this.http.addresses()[0] as AddressInfo;
    return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
  }

  /** @throws UT_HTTP_PORT_TAKEN, UT_HTTP_CANNOT_LISTEN */
  async start(): Promise<void> {
    const { host, port } = this.#config;
    this.#loop.start();
    try {
      await this.http.listen({ host, port });
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const place = `http.host ${host}, http.port ${port}`;
      if (code === 'EADDRINUSE')
        throw new UndertoneError('UT_HTTP_PORT_TAKEN', 'It is in use.', { place, cause });
      throw new UndertoneError('UT_HTTP_CANNOT_LISTEN', `${message}.`, { place, cause });
    }
  }

  /** From now on feeds may connect. */
  serveFeeds(feeds: FeedServer): void {
    this.#feeds = feeds;
  }

  /** Lets answers that are under way be read to their end, but not for longer than the deadline. */
  async close(deadlineMs: number): Promise<void> {
    this.#loop.stop();
    const cut = setTimeout(() => this.http.server.closeAllConnections(), deadlineMs);
    await this.http.close();
    clearTimeout(cut);
  }

  #publishUsage(metrics: Metrics, { bus, queuedWindows, threads, logLinesLost }: ProcessUsage): void {
    metrics.inferenceThreads.set(threads);
    metrics.inferenceQueue.set(queuedWindows);
    metrics.logLinesLost.inc(logLinesLost - this.#logLinesCounted);
    this.#logLinesCounted = logLinesLost;
    for (const { topic, partition, records, bytes } of bus) {
      metrics.busRecords.set({ topic, partition }, records);
      metrics.busBytes.set({ topic, partition }, bytes);
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#feeds?.handleUpgrade(request, socket, head)) return;
    socket.on('error', () => socket.destroy());
    socket.once('finish', () => socket.destroy());
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  }
}
