import type { WebSocket } from 'ws';
import type { FeedSocket } from './feed.js';

/** RFC 6455 §5.5: a control frame carries 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123;

/** A `ws` connection as feeds see it. */
export function feedSocketOf(ws: WebSocket): FeedSocket {
  return {
    send(text) {
      if (ws.readyState === ws.OPEN) ws.send(text);
    },
    close(code, reason) {
      // A paused socket would never read the answer of its peer.
      ws.resume();
      if (ws.readyState === ws.OPEN) ws.close(code, cutToBytes(reason, MAX_REASON_BYTES));
    },
    pause: () => ws.pause(),
    resume: () => ws.resume(),
  };
}

/** The longest beginning of `text` that has at most `maxBytes` in UTF-8. */
export function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text).subarray(0, maxBytes);
  return new TextDecoder('utf-8').decode(bytes, { stream: true });
}
