import type { CallWorkerOptions, LegOptions } from '../calls/index.js';
import type { Config } from '../config/index.js';
import type { ConsoleOptions } from '../console/index.js';
import type { FeedAuthOptions, GatewayOptions } from '../ingest/index.js';
import { DIALECT } from '../ingest/index.js';
import { resultTopicsOf } from './topics.js';

/** What each part takes from the configuration; the rest of its options are other parts. */
export function gatewayOptionsOf(config: Config): Omit<GatewayOptions, 'bus' | 'clock' | 'observer'> {
  const { auth: _, defaultTenant, twilio, ...limits } = config.gateway;
  const { minVoicedShare: __, ...voiceActivity } = config.voiceActivity;
  return {
    audioTopic: config.bus.topics.audio.name,
    limits,
    defaultTenant,
    twilioCustomerTrack: twilio.customerTrack,
    voiceActivity,
    agentAudioDeclaredTenants: tenantsWhere(config, (tenant) => tenant.agentAudioDeclared !== undefined),
    requireNoticeTenants: tenantsWhere(config, (tenant) => tenant.requireNotice),
  };
}

export function feedAuthOf({ gateway: { auth } }: Config): FeedAuthOptions {
  const { publicUrl, ...tokens } = auth;
  return { ...tokens, ...(publicUrl === null ? {} : { publicUrl }) };
}

export function workerOptionsOf({ bus, worker }: Config, leg: LegOptions): CallWorkerOptions {
  return {
    topic: bus.topics.audio.name,
    group: 'undertone-worker',
    maxBatchRecords: worker.maxBatchRecords,
    maxPendingWindows: worker.maxPendingWindowsPerPartition,
    maxDelayMs: worker.overload.maxDelayMs,
    leg,
  };
}

export function consoleOptionsOf(
  config: Config,
): Omit<ConsoleOptions, 'bus' | 'http' | 'clock' | 'observer'> {
  const { tokens, allowedHosts, ...limits } = config.console;
  return {
    tokens,
    allowedHosts,
    limits,
    topics: resultTopicsOf(config),
    // A browser has no credentials of a feed; where feeds need some, the page offers no microphone.
    microphoneFeed: needsCredentials(config) ? null : DIALECT.generic.path,
    secureCookies: config.http.behindTlsProxy,
  };
}

function needsCredentials({ gateway: { auth } }: Config): boolean {
  return auth.bearerTokens.length + auth.twilioAuthTokens.length > 0;
}

function tenantsWhere(config: Config, holds: (tenant: Config['tenants'][string]) => boolean): string[] {
  return Object.entries(config.tenants)
    .filter(([, tenant]) => holds(tenant))
    .map(([name]) => name);
}
