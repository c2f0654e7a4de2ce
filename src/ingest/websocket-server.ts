import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../clock.js';
import { ERROR_CATALOGUE } from '../errors.js';
import { DIALECT, DIALECTS, type DialectName } from './dialects.js';
import { authenticate, type FeedAuthOptions, type RefusalCode } from './feed-auth.js';
import type { FeedConnection, Gateway } from './gateway.js';
import type { FeedFault } from './telephony/feed-event.js';
import { feedSocketOf } from './ws-feed-socket.js';

export interface FeedServerOptions {
  readonly gateway: Gateway;
  readonly clock: Clock;
  /** Default: everybody may send audio, which is for loopback only. */
  readonly auth?: FeedAuthOptions;
}

/** An option of `ws` that its types do not know yet. */
interface CloseTimeout {
  /** Milliseconds. */
  readonly closeTimeout: number;
}

interface Refusal {
  readonly httpStatus: number;
  readonly code: RefusalCode;
  readonly message: string;
}

/** The subprotocol answered to a browser that shows its token as another one. */
export const FEED_SUBPROTOCOL = 'undertone.v1';

const RETRY_AFTER_SECONDS = 5;
/** How long a peer may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 2000;

/**
 * Feeds over WebSocket, on an HTTP server that somebody else owns: hand `upgrade` events to {@link handleUpgrade}.
 * The owner bounds the time for request headers (`headersTimeout` of the HTTP server).
 */
export class FeedServer {
  readonly #options: FeedServerOptions;
  readonly #server: WebSocketServer;
  readonly #refused = new Set<Duplex>();

  constructor(options: FeedServerOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: options.gateway.limits.maxMessageBytes,
      handleProtocols: (offered) => offered.has(FEED_SUBPROTOCOL) && FEED_SUBPROTOCOL,
      ...({ closeTimeout: CLOSE_TIMEOUT_MS } satisfies CloseTimeout),
    });
  }

  /** @returns false if the path is none of a feed; the socket is then untouched. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const path = request.url?.split('?')[0];
    const dialect = DIALECTS.find((name) => DIALECT[name].path === path);
    if (!dialect) return false;
    const { gateway, auth = {} } = this.#options;
    if (gateway.closed) this.#refuse(socket, dialect, UNAVAILABLE[gateway.closed]);
    else {
      const verdict = authenticate(request, dialect, auth);
      if ('code' in verdict) this.#refuseLate(socket, dialect, verdict);
      else {
        this.#server.handleUpgrade(request, socket, head, (ws) => this.#connect(ws, dialect, verdict.tenant));
      }
    }
    return true;
  }

  /** Drains the gateway (see {@link Gateway.close}), then closes what is still open: feeds that are not done, abruptly. */
  async close(deadlineMs?: number): Promise<void> {
    try {
      await this.#options.gateway.close(deadlineMs);
    } finally {
      for (const socket of this.#refused) socket.destroy();
      const open = [...this.#server.clients];
      for (const client of open) if (client.readyState === client.OPEN) client.terminate();
      await Promise.all(open.map((client) => closed(client)));
      this.#server.close();
    }
  }

  #connect(ws: WebSocket, dialect: DialectName, authenticatedTenant: string | undefined): void {
    const { gateway } = this.#options;
    const socket = feedSocketOf(ws);
    const connection = gateway.connect({ dialect, socket, authenticatedTenant });
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) connection.binary(data);
      else connection.text(data.toString('utf8'));
    });
    ws.on('error', (error) => reportError(error, connection));
    ws.on('close', () => connection.closed());
  }

  /** Wrong credentials are answered after a while, so that guessing is slow. */
  #refuseLate(socket: Duplex, dialect: DialectName, refusal: Refusal): void {
    const { clock, gateway } = this.#options;
    const { maxStreams, refusalDelayMs } = gateway.limits;
    const delayMs = this.#refused.size < maxStreams ? refusalDelayMs : 0;
    this.#refused.add(socket);
    socket.on('error', () => socket.destroy());
    const cancel = clock.setTimer(() => this.#refuse(socket, dialect, refusal), delayMs);
    socket.once('close', () => {
      cancel();
      this.#refused.delete(socket);
    });
  }

  #refuse(socket: Duplex, dialect: DialectName, { httpStatus, code, message }: Refusal): void {
    this.#options.gateway.observer.upgradeRefused(dialect, httpStatus, code);
    socket.on('error', () => socket.destroy());
    const body = JSON.stringify({ code, message, remedy: ERROR_CATALOGUE[code].remedy });
    const headers = [
      `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus]}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(httpStatus === 503 ? [`Retry-After: ${RETRY_AFTER_SECONDS}`] : []),
      ...(httpStatus === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ];
    socket.once('finish', () => socket.destroy());
    socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
  }
}

const UNAVAILABLE: Readonly<Record<'full' | 'shutting-down', Refusal>> = {
  full: {
    httpStatus: 503,
    code: 'UT_INGEST_TOO_MANY_STREAMS',
    message: 'the gateway has as many streams as it may.',
  },
  'shutting-down': {
    httpStatus: 503,
    code: 'UT_INGEST_SHUTTING_DOWN',
    message: 'the gateway is shutting down.',
  },
};

/** What `ws` refuses by itself is the sender's fault; a broken connection is not, and its `close` follows. */
function reportError(error: Error, connection: FeedConnection): void {
  const code = 'code' in error ? String(error.code) : '';
  if (!code.startsWith('WS_ERR_')) return;
  const tooLarge = code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
  const fault: FeedFault = tooLarge
    ? { closeCode: 1009, code: 'UT_INGEST_MESSAGE_TOO_LARGE', message: error.message }
    : { closeCode: 1007, code: 'UT_INGEST_BAD_MESSAGE', message: error.message };
  connection.fault(fault);
}

function closed(client: WebSocket): Promise<void> {
  if (client.readyState === client.CLOSED) return Promise.resolve();
  return new Promise((resolve) => client.once('close', () => resolve()));
}
