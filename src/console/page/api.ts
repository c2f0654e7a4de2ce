import type { AlertsAnswer, CallsAnswer, PointsAnswer } from '../api.js';
import type { SessionAnswer } from '../session-routes.js';

/** The console API could not be used; `status` 401 means that a token is needed. */
export class ApiFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const api = {
  session: () => get<SessionAnswer>('api/session'),
  calls: () => get<CallsAnswer>('api/calls'),
  alerts: () => get<AlertsAnswer>('api/alerts'),
  points: (callId: string, newest?: number) => {
    const query = newest === undefined ? '' : `?newest=${newest}`;
    return get<PointsAnswer>(`api/calls/${encodeURIComponent(callId)}/points${query}`);
  },
  async signIn(token: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await checked(await fetch('api/session', { method: 'POST', headers, body: JSON.stringify({ token }) }));
  },
  async signOut(): Promise<void> {
    await checked(await fetch('api/session', { method: 'DELETE' }));
  },
};

async function get<T>(path: string): Promise<T> {
  const response = await checked(await fetch(path, { headers: { accept: 'application/json' } }));
  return (await response.json()) as T;
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const answer = (await response.json().catch(() => ({}))) as { message?: string };
  throw new ApiFailure(response.status, answer.message ?? `The console answered ${response.status}.`);
}
