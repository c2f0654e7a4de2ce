import { createServer } from 'node:net';

/**
 * Below the range from which the system takes the ports of outgoing connections: a server that is down for a while
 * must find its port free when it comes back.
 */
const RANGE = { first: 15_000, count: 17_000 };

const given = new Set<number>();

/** Ports of 127.0.0.1 on which nothing listens; none is given twice by this process. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = RANGE.first + Math.floor(Math.random() * RANGE.count);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
