import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { parsedQuery } from './api.js';
import { sseRetry } from './sse.js';
import type { StreamHub, StreamSink } from './stream-hub.js';

const RETRY_MS = 2000;

const eventsQuery = z.strictObject({
  callId: z.string().min(1).optional(),
  tenant: z.string().min(1).optional(),
  /** For a first connection, which cannot set the header `Last-Event-ID`. */
  lastEventId: z.string().min(1).optional(),
});

/** `GET /api/events`: the server-sent events of all calls, or of those that the query names. */
export function registerEvents(http: FastifyInstance, hub: StreamHub): void {
  // A HEAD request would open a stream that nobody reads.
  http.get('/api/events', { exposeHeadRoute: false }, (request, reply) => {
    const { callId, tenant, lastEventId } = parsedQuery(eventsQuery, request);
    hub.assertRoom();
    const sink = startStream(reply);
    const resumeAfter = headerOf(request.headers['last-event-id']) ?? lastEventId;
    const leave = hub.open(sink, { callId, tenant }, resumeAfter);
    reply.raw.once('close', leave);
  });
}

function startStream(reply: FastifyReply): StreamSink {
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(sseRetry(RETRY_MS));
  return sinkOf(response);
}

function sinkOf(response: ServerResponse): StreamSink {
  return {
    write: (text) => void response.write(text),
    backlogBytes: () => response.writableLength,
    // A reader that is too slow would never take an orderly end either.
    close: () => void (response.writableNeedDrain ? response.destroy() : response.end()),
  };
}

function headerOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
