import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { DemoConfig } from '../config/index.js';
import type { Leg } from '../ingest/index.js';
import { replay } from '../replay/index.js';
import type { EventLog } from '../telemetry/index.js';
import type { Part } from './parts.js';

/** One of the synthetic calls that come with Undertone. */
interface DemoCall {
  readonly file: string;
  readonly queue: string;
  readonly legs: readonly Leg[];
}

const DEMO = new URL('../../demo/', import.meta.url);

/** Where the demo's feeds go, and what they show there. */
export interface DemoTarget {
  readonly url: string;
  readonly bearerToken: string | undefined;
}

/**
 * Plays the demo calls over and over, through the gateway like any feed: several lanes, each with one call at a time,
 * each beginning with another call of the list.
 */
export function createDemoPlayer(config: DemoConfig, target: () => DemoTarget, events: EventLog): Part {
  const stop = new AbortController();
  let lanes: Promise<void>[] = [];
  return {
    name: 'demo',
    async start() {
      if (!config.enabled) return;
      const calls = JSON.parse(await readFile(new URL('calls.json', DEMO), 'utf8')) as DemoCall[];
      lanes = Array.from({ length: config.concurrentCalls }, (_, lane) =>
        playLane({ calls, lane, pauseMs: config.pauseMs, target: target(), signal: stop.signal, events }),
      );
    },
    async close() {
      stop.abort();
      await Promise.all(lanes);
    },
  };
}

interface Lane {
  readonly calls: readonly DemoCall[];
  readonly lane: number;
  readonly pauseMs: number;
  readonly target: DemoTarget;
  readonly signal: AbortSignal;
  readonly events: EventLog;
}

async function playLane({ calls, lane, pauseMs, target, signal, events }: Lane): Promise<void> {
  const { url, bearerToken } = target;
  for (let turn = lane; !signal.aborted; turn++) {
    const { file, queue, legs } = calls[turn % calls.length]!;
    const [result] = await replay({
      files: [fileURLToPath(new URL(file, DEMO))],
      feed: 'generic',
      encoding: 'mulaw',
      url: url.replace(/^http/, 'ws'),
      ...(bearerToken === undefined ? {} : { bearerToken }),
      legs,
      queue,
      notice: 'given',
      synthetic: true,
      callIdPrefix: `demo-${lane + 1}.${turn - lane + 1}-${file.replace(/\.wav$/, '')}`,
      signal,
    });
    if (result?.error !== undefined && !signal.aborted)
      events.report('demo-call-failed', { err: result.error });
    await pause(pauseMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
