import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { UndertoneError } from '../errors.js';
import type { Alert, CallSummary, Hole, Point } from '../timeline/index.js';
import type { EventRing } from './event-ring.js';
import type { LiveCall, LiveState } from './live-state.js';

const callQuery = z.strictObject({
  fromWindow: z.coerce.number().int().nonnegative().optional(),
  newest: z.coerce.number().int().positive().optional(),
});
const listQuery = z.strictObject({ tenant: z.string().min(1).optional() });

/** Answer of `GET /api/calls`. */
export interface CallsAnswer {
  /** Live calls first, in each group the one that began last first. */
  readonly calls: readonly CallSummary[];
  /** Where to begin `GET /api/events?lastEventId=` so that nothing between the two is missed. */
  readonly eventId: string;
}

/** Answer of `GET /api/calls/:callId/points`; both lists ascend by leg and window. */
export interface PointsAnswer {
  readonly callId: string;
  readonly points: readonly Point[];
  readonly holes: readonly Hole[];
}

/** Answer of `GET /api/alerts`: the newest alert first; of one that ended, `raised` and `ended` in this order. */
export interface AlertsAnswer {
  readonly alerts: readonly Alert[];
}

export interface ApiParts {
  readonly state: LiveState;
  readonly ring: EventRing;
  readonly nowMs: () => number;
}

/** The read side of the API, from the state in memory alone. */
export function registerApi(http: FastifyInstance, { state, ring, nowMs }: ApiParts): void {
  http.get('/api/calls', (request): CallsAnswer => {
    const { tenant } = parsedQuery(listQuery, request);
    state.sweep(nowMs());
    const calls = state.calls().filter((call) => tenant === undefined || call.tenant === tenant);
    return { calls: calls.flatMap((call) => call.summary ?? []), eventId: ring.lastId };
  });
  http.get<CallRoute>('/api/calls/:callId', (request): CallSummary => {
    const { summary } = knownCall(state, request.params.callId);
    if (summary === undefined) throw unknownCall(request.params.callId);
    return summary;
  });
  http.get<CallRoute>('/api/calls/:callId/points', (request): PointsAnswer => {
    const query = parsedQuery(callQuery, request);
    return pointsOf(knownCall(state, request.params.callId), query.fromWindow ?? 0, query.newest);
  });
  http.get('/api/alerts', (request): AlertsAnswer => {
    const { tenant } = parsedQuery(listQuery, request);
    const alerts = state
      .alerts()
      .flatMap(({ raised, ended }) => [raised, ended].filter((a) => a !== undefined));
    return { alerts: alerts.filter((alert) => tenant === undefined || alert.tenant === tenant) };
  });
}

interface CallRoute {
  Params: { callId: string };
}

function pointsOf(call: LiveCall, fromWindow: number, newest: number | undefined): PointsAnswer {
  const tracks = [...call.tracks.values()];
  const points = tracks.flatMap((track) => {
    const wanted = track.points.filter((point) => point.windowIndex >= fromWindow);
    return newest === undefined ? wanted : wanted.slice(-newest);
  });
  const holes = tracks.flatMap((track) => track.holes.filter((hole) => hole.toWindowIndex >= fromWindow));
  return { callId: call.callId, points, holes };
}

function knownCall(state: LiveState, callId: string): LiveCall {
  const call = state.call(callId);
  if (call === undefined) throw unknownCall(callId);
  return call;
}

function unknownCall(callId: string): UndertoneError {
  return new UndertoneError('UT_CONSOLE_UNKNOWN_CALL', `No call "${callId}" is held.`);
}

/** Throws UT_CONSOLE_BAD_REQUEST naming the first parameter that cannot be used. */
export function parsedQuery<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const result = schema.safeParse(request.query);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UndertoneError('UT_CONSOLE_BAD_REQUEST', `${issue?.message}.`, {
    place: `query ${issue?.path.join('.')}`,
  });
}
