import { createServer } from 'node:net';
import type { HttpConfig } from '../../config/index.js';
import { type Check, failed, ok } from './check.js';

const ANSWER_MS = 2000;

/** How the check touches the network. */
export interface PortProbe {
  /** Listens for a moment. @returns the code of what prevents it; undefined where nothing does */
  tryToListen(host: string, port: number): Promise<string | undefined>;
  /** The JSON that stands at an address, whatever the status; rejects where there is none. */
  readJson(url: string): Promise<unknown>;
}

/** @throws nothing: an address that cannot be used is a finding */
export function portCheck(
  { host, port }: Pick<HttpConfig, 'host' | 'port'>,
  probe: PortProbe = NETWORK,
): Check {
  return {
    name: 'Port',
    required: true,
    neededFor: 'undertone start',
    async run() {
      const code = await probe.tryToListen(host, port);
      const address = `${host}:${port}`;
      if (code === undefined) return ok(`${address} is free`);
      if (code === 'EADDRINUSE' && (await isUndertone(host, port, probe)))
        return ok(`${address}: Undertone is running there`);
      const remedy = 'Stop what listens there, or choose another port: --set http.port=8081.';
      return failed(`${address} can't be used (${code})`, remedy);
    },
  };
}

/** Whether `/health/live` answers as Undertone does, live or not. */
async function isUndertone(host: string, port: number, probe: PortProbe): Promise<boolean> {
  const report = await probe.readJson(`http://${reachableName(host)}:${port}/health/live`).catch(() => null);
  return (
    typeof report === 'object' && report !== null && ['live', 'ready', 'parts'].every((key) => key in report)
  );
}

/** Who listens everywhere is reached at this machine's own address. */
function reachableName(host: string): string {
  const name = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return name.includes(':') ? `[${name}]` : name;
}

const NETWORK: PortProbe = {
  tryToListen: (host, port) =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
    }),
  async readJson(url) {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    return response.json();
  },
};
