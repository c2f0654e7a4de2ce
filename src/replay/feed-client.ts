import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { UndertoneError } from '../errors.js';
import type { Message } from './framing.js';
import { readCloseReason, readRefusalBody, refusalError } from './refusal.js';

/** Bytes that may wait in the socket before the sender does; more would only hide how slow the gateway is. */
const MAX_BUFFERED_BYTES = 65_536;
/** As much of an HTTP refusal as is read. */
const MAX_BODY_BYTES = 4096;
const NORMAL_CLOSE = 1000;

interface Reply {
  readonly event?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** One feed connection from the sender's side. */
export class FeedClient {
  /** Resolves when the connection has closed: with the error if the gateway did not want it any more. */
  readonly closed: Promise<UndertoneError | undefined>;
  /** Resolves with the gateway's word that it takes the call, or when the connection has closed. */
  readonly accepted: Promise<void>;
  readonly #socket: WebSocket;
  readonly #url: string;
  #complaint: Reply | undefined;
  #isClosed = false;

  private constructor(socket: WebSocket, url: string) {
    this.#socket = socket;
    this.#url = url;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.#isClosed = true;
        resolve(this.#verdict(code, String(reason)));
      });
    });
    this.accepted = new Promise((resolve) => {
      socket.on('message', (data) => {
        const reply = readReply(String(data));
        if (reply.event === 'error') this.#complaint = reply;
        if (reply.event === 'started') resolve();
      });
      void this.closed.then(() => resolve());
    });
    // A broken connection ends in `close`, too, which is where it is judged.
    socket.on('error', () => undefined);
  }

  /** @throws UT_CLI_REPLAY_UNREACHABLE, UT_CLI_REPLAY_REFUSED */
  static connect(url: string, headers: Readonly<Record<string, string>>): Promise<FeedClient> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { headers, perMessageDeflate: false });
      const client = new FeedClient(socket, url);
      socket.once('open', () => resolve(client));
      socket.once('unexpected-response', (request, response) => {
        const body = readBody(response).catch(() => '');
        void body.then((body) => {
          request.destroy();
          reject(refusalError(url, { answer: `HTTP ${response.statusCode}`, ...readRefusalBody(body) }));
        });
      });
      socket.once('error', (cause) => {
        reject(new UndertoneError('UT_CLI_REPLAY_UNREACHABLE', `${cause.message}.`, { place: url, cause }));
      });
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Waits while much is buffered, so that a slow gateway slows the sender. */
  async send(message: Message): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount < MAX_BUFFERED_BYTES) {
      this.#socket.send(message);
      return;
    }
    await new Promise<void>((resolve) => this.#socket.send(message, () => resolve()));
  }

  close(): void {
    this.#socket.close(NORMAL_CLOSE);
  }

  #verdict(closeCode: number, reason: string): UndertoneError | undefined {
    if (closeCode === NORMAL_CLOSE) return undefined;
    const { code, message } = this.#complaint ?? {};
    const said = typeof code === 'string' ? { code, message: String(message) } : readCloseReason(reason);
    return refusalError(this.#url, { answer: `close code ${closeCode}`, ...said });
  }
}

function readReply(text: string): Reply {
  try {
    return (JSON.parse(text) ?? {}) as Reply;
  } catch {
    return {};
  }
}

async function readBody(response: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of response.setEncoding('utf8')) {
    body += part;
    if (body.length > MAX_BODY_BYTES) break;
  }
  return body;
}
