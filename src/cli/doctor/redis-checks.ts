import type { Config, RedisConfig } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import { RedisNames } from '../../sink/index.js';
import { type Check, type Finding, failed, findingOf, ok, warning } from './check.js';
import { MAX_SKEW_MS } from './kafka-checks.js';

/** How the checks touch Redis. What fails throws UT_REDIS_…. */
export interface RedisProbe {
  connect(): Promise<void>;
  /** Answer to `INFO`. */
  info(): Promise<string>;
  /** One command, as the roles send it. */
  command(name: string, ...args: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const base = { required: true, neededFor: 'redis.enabled, console.source: redis' } as const;

/** A key and channels that no call can have: those of this check. */
const CALL = 'undertone-doctor';

/** Whether Redis is reached and takes what the roles send, how it forgets, and what time it has. */
export function redisChecks(config: Config, probe: RedisProbe, nowMs: () => number): readonly Check[] {
  let isConnected = false;
  const connected = (work: () => Promise<Finding>) => async (): Promise<Finding> =>
    isConnected ? work() : failed('not tried without a connection', 'Mend what is above first.');
  return [
    {
      ...base,
      name: 'Redis',
      async run() {
        await probe.connect();
        isConnected = true;
        return ok('connected');
      },
    },
    { ...base, name: 'Redis rights', run: connected(() => rightsFinding(config, probe)) },
    {
      ...base,
      name: 'Redis memory and clock',
      run: connected(async () => {
        const askedMs = nowMs();
        const info = await probe.info();
        const findings = [memoryFinding(info), clockFinding(info, (askedMs + nowMs()) / 2)];
        await probe.close();
        return (
          findings.find(({ status }) => status !== 'ok') ??
          ok(findings.map(({ detail }) => detail).join('; '))
        );
      }),
    },
  ];
}

async function rightsFinding(config: Config, probe: RedisProbe): Promise<Finding> {
  const denied: string[] = [];
  for (const [name, ...args] of commandsOf(config)) {
    try {
      await probe.command(name, ...args);
    } catch (error) {
      if (!(error instanceof UndertoneError) || error.code !== 'UT_REDIS_DENIED') throw error;
      denied.push(`${name} ${args[0] ?? ''}`.trim());
    }
  }
  if (denied.length > 0) return findingOf(new UndertoneError('UT_REDIS_DENIED', `${denied.join(', ')}.`));
  return ok(`what ${config.roles.join(', ')} need`);
}

/** What the roles send, with names that harm nobody: the key is gone at once. */
function commandsOf({ roles, redis, console }: Config): readonly (readonly [string, ...string[]])[] {
  const names = new RedisNames(redis.keyPrefix);
  const publishes = roles.includes('worker') && redis.enabled;
  const reads = roles.includes('console') && console.source === 'redis';
  return [
    ...(publishes
      ? ([
          ['SET', names.stateKey(CALL), '{}', 'PX', '1000'],
          ['DEL', names.stateKey(CALL)],
          ['PUBLISH', names.callChannel(CALL), '{"type":"undertone.doctor"}'],
        ] as const)
      : []),
    ...(reads
      ? ([
          ['GET', names.stateKey(CALL)],
          ['SCAN', '0', 'MATCH', names.keyPattern, 'COUNT', '1'],
        ] as const)
      : []),
  ];
}

/** States carry an expiry of their own, so a full server does best to let go of what expires. */
export function memoryFinding(info: string): Finding {
  const limit = Number(fieldOf(info, 'maxmemory') ?? Number.NaN);
  const policy = fieldOf(info, 'maxmemory_policy') ?? '';
  const remedy =
    'Set `maxmemory`, and `maxmemory-policy volatile-ttl` (or a server of its own): states expire by themselves.';
  if (Number.isNaN(limit)) return warning('INFO says nothing of its memory', remedy);
  if (limit === 0) return warning('maxmemory is not set: it may take all memory of its machine', remedy);
  const used = Math.round((100 * Number(fieldOf(info, 'used_memory'))) / limit);
  const facts = `${used} % of maxmemory used, ${policy}`;
  if (policy === 'noeviction' && used > 80) return warning(`${facts}: full, it refuses states`, remedy);
  return ok(facts);
}

/** @param nowMs of this machine, in the middle of question and answer */
export function clockFinding(info: string, nowMs: number): Finding {
  const text = fieldOf(info, 'server_time_usec');
  if (text === undefined) return ok('its clock is not told');
  const skewMs = Math.round(Number(text) / 1000 - nowMs);
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return ok(`clocks ${Math.abs(skewMs)} ms apart`);
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  return warning(
    `the clock of Redis is ${Math.abs(skewMs)} ms ${side} this machine's`,
    'Let both machines take their time from the same source (chrony, NTP).',
  );
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
}

/** Whether this configuration speaks to Redis at all. */
export function usesRedis({ roles, redis, console }: Config): boolean {
  return (
    (roles.includes('worker') && redis.enabled) || (roles.includes('console') && console.source === 'redis')
  );
}

/** Files of a TLS section that is switched on. */
export function redisTlsFiles({ tls }: RedisConfig) {
  const { enabled, caFile, certFile, keyFile } = tls;
  return enabled ? { section: 'redis.tls', code: 'UT_REDIS_TLS' as const, caFile, certFile, keyFile } : null;
}
