import { createRequire } from 'node:module';

export interface Connection {
  connect(): Promise<true>;
  disconnect(): Promise<true>;
}

interface Broker {
  readonly nodeId: string;
  readonly connectionPool: { readonly pool: readonly Connection[] };
}

export interface BrokerPool {
  readonly brokers: Readonly<Record<string, Broker>>;
  removeBroker(address: { readonly host: string; readonly port: number }): void;
  disconnect(): Promise<void>;
}

let kept = false;

/**
 * kafkajs 2.2.4 loses sight of connections. A broker that closed one is taken out of the pool, but the group goes on to
 * send its heartbeats there, by a new connection that no `disconnect` finds: the process could not end before the broker
 * closed it as idle. And two requests that find a connection closed open one each: the first is forgotten, and its
 * end, minutes later, cuts off the second in the middle of its work.
 */
export function keepTrackOfConnections(): void {
  if (kept) return;
  kept = true;
  const load = createRequire(import.meta.url);
  connectOnce((load('kafkajs/src/network/connection') as { readonly prototype: Connection }).prototype);
  disconnectAll((load('kafkajs/src/cluster/brokerPool') as { readonly prototype: BrokerPool }).prototype);
}

function connectOnce(prototype: Connection): void {
  const { connect } = prototype;
  const underWay = new WeakMap<Connection, Promise<true>>();
  prototype.connect = function () {
    const present = underWay.get(this);
    if (present !== undefined) return present;
    const attempt = connect.call(this).finally(() => underWay.delete(this));
    underWay.set(this, attempt);
    return attempt;
  };
}

/** A connection lives as long as its socket is open or somebody uses it: only then is it remembered. */
function disconnectAll(prototype: BrokerPool): void {
  const { removeBroker, disconnect } = prototype;
  const removed = new WeakMap<BrokerPool, readonly WeakRef<Connection>[]>();
  const removedFrom = (pool: BrokerPool): readonly Connection[] =>
    (removed.get(pool) ?? []).flatMap((connection) => connection.deref() ?? []);

  prototype.removeBroker = function (address) {
    const before = Object.values(this.brokers);
    removeBroker.call(this, address);
    const gone = before.filter(({ nodeId }) => !(nodeId in this.brokers));
    const connections = [...removedFrom(this), ...gone.flatMap(({ connectionPool }) => connectionPool.pool)];
    removed.set(
      this,
      connections.map((connection) => new WeakRef(connection)),
    );
  };
  prototype.disconnect = async function () {
    await disconnect.call(this);
    await Promise.all(removedFrom(this).map((connection) => connection.disconnect()));
    removed.delete(this);
  };
}
