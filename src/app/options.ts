import type { CallWorkerOptions } from '../calls/index.js';
import type { Config } from '../config/index.js';
import type { ConsoleOptions } from '../console/index.js';
import type { FeedAuthOptions, GatewayOptions } from '../ingest/index.js';
import { DIALECT } from '../ingest/index.js';
import { callTableOptionsOf, legPolicyOf } from './analysis.js';
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
    leavesCalls: config.bus.kind === 'kafka',
    ...legPolicyOf(config),
  };
}

export function feedAuthOf({ gateway: { auth } }: Config): FeedAuthOptions {
  const { publicUrl, ...tokens } = auth;
  return { ...tokens, ...(publicUrl === null ? {} : { publicUrl }) };
}

export function workerOptionsOf(config: Config): CallWorkerOptions {
  const { bus, worker } = config;
  const { audio, calls, emotions, alerts, deadLetters } = bus.topics;
  const others = [emotions.name, alerts.name, deadLetters.name];
  const isKafka = bus.kind === 'kafka';
  return {
    ...callTableOptionsOf(config),
    topic: audio.name,
    group: bus.kafka.group,
    maxBatchRecords: worker.maxBatchRecords,
    maxReadAheadRecords: worker.maxReadAheadRecords,
    maxPendingWindows: worker.maxPendingWindowsPerPartition,
    // Kafka keeps what comes while the worker is behind; the embedded log would fill up.
    maxDelayMs: isKafka ? null : worker.overload.maxDelayMs,
    lingerMs: isKafka ? worker.lingerMs : 0,
    takeOver: isKafka ? { calls: calls.name, others } : null,
  };
}

export function consoleOptionsOf(
  config: Config,
): Omit<ConsoleOptions, 'bus' | 'http' | 'clock' | 'observer'> {
  const { source, tokens, allowedHosts, ...limits } = config.console;
  return {
    redis: source === 'redis' ? config.redis : null,
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
