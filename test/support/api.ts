import type { CallSummary, Hole, Point } from '../../src/timeline/index.js';

interface PointsAnswer {
  readonly points: readonly Point[];
  readonly holes: readonly Hole[];
}

/** Asks the API until the answer is what is waited for. */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  timeoutMs: number,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`It did not come about in ${timeoutMs} ms: ${JSON.stringify(answer).slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function callsOf(url: string): Promise<readonly CallSummary[]> {
  const answer = (await (await fetch(`${url}/api/calls`)).json()) as { calls: CallSummary[] };
  return answer.calls;
}

export async function pointsOf(url: string, callId: string): Promise<PointsAnswer> {
  return (await (
    await fetch(`${url}/api/calls/${encodeURIComponent(callId)}/points`)
  ).json()) as PointsAnswer;
}

/** The summary of a call once it has ended. */
export async function endedCall(url: string, callId: string, timeoutMs: number): Promise<CallSummary> {
  const isEnded = ({ callId: id, state }: CallSummary) => id === callId && state === 'ended';
  const calls = await eventually(
    () => callsOf(url),
    (all) => all.some(isEnded),
    timeoutMs,
  );
  return calls.find(isEnded)!;
}
