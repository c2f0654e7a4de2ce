import type { TelemetryConfig } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import { type Check, type Finding, ok } from './check.js';

const LIMIT_MS = 5_000;
/** A request of OTLP without a span. */
const NOTHING = JSON.stringify({ resourceSpans: [] });

/** Whether the receiver of traces takes a request; none where traces are switched off. Undertone runs without it. */
export function tracesChecks({ traces }: TelemetryConfig, send: typeof fetch = fetch): readonly Check[] {
  if (!traces.enabled) return [];
  return [
    {
      name: 'Receiver of traces',
      required: false,
      neededFor: 'telemetry.traces.enabled',
      run: () => findingOf(traces, send),
    },
  ];
}

async function findingOf(
  { endpoint, headers }: TelemetryConfig['traces'],
  send: typeof fetch,
): Promise<Finding> {
  const answer = await send(endpoint, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: NOTHING,
    redirect: 'manual',
    signal: AbortSignal.timeout(LIMIT_MS),
  }).catch((cause: unknown) => {
    throw notTaken(endpoint, reasonOf(cause), cause);
  });
  if (answer.ok) return ok(`${endpoint} takes spans`);
  throw notTaken(endpoint, `It answers ${answer.status}.`);
}

/** fetch says `fetch failed`, and why in its cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return `${cause instanceof Error && cause.message !== '' ? cause.message : message}.`;
}

function notTaken(endpoint: string, detail: string, cause?: unknown): UndertoneError {
  return new UndertoneError('UT_TRACES_NOT_TAKEN', detail, { place: endpoint, cause });
}
