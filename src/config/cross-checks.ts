import type { ErrorCode } from '../errors.js';
import type { Problem } from './problem.js';
import type { Config } from './schema.js';
import type { KafkaConfig } from './sections/kafka.js';
import type { SourceMap } from './source.js';

type Finding = readonly [code: ErrorCode, path: string, message: string];
type Check = (config: Config) => readonly Finding[];

const LOOPBACK = /^(localhost|::1|127(\.\d{1,3}){3})$/;

/** True where only this machine can connect. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

const exposure: Check = ({ http, roles, console, gateway }) => {
  if (isLoopback(http.host)) return [];
  const findings: Finding[] = [];
  const exposed = `http.host is ${http.host}`;
  if (!http.behindTlsProxy) {
    findings.push(['UT_CONFIG_EXPOSED_WITHOUT_TLS', 'http.behindTlsProxy', `is false, and ${exposed}`]);
  }
  if (roles.includes('console') && console.tokens.length === 0) {
    findings.push(['UT_CONFIG_EXPOSED_WITHOUT_AUTH', 'console.tokens', `is empty, and ${exposed}`]);
  }
  const { bearerTokens, twilioAuthTokens } = gateway.auth;
  if (roles.includes('gateway') && bearerTokens.length + twilioAuthTokens.length === 0) {
    const message = `has neither bearerTokens nor twilioAuthTokens, and ${exposed}`;
    findings.push(['UT_CONFIG_EXPOSED_WITHOUT_AUTH', 'gateway.auth', message]);
  }
  return findings;
};

const contradiction = (path: string, message: string): Finding => ['UT_CONFIG_CONTRADICTION', path, message];

const memoryBusIsOneProcess: Check = ({ bus, roles, console }) => {
  const needsNoBus = console.source === 'redis' && roles.every((role) => role === 'console');
  const missing = (['gateway', 'worker'] as const).filter((role) => !roles.includes(role));
  if (bus.kind !== 'memory' || missing.length === 0 || needsNoBus) return [];
  return [
    contradiction('roles', `lacks ${missing.join(' and ')}: with the memory bus one process does both`),
  ];
};

const twilioNeedsPublicUrl: Check = ({ gateway: { auth } }) => {
  if (auth.twilioAuthTokens.length === 0 || auth.publicUrl !== null) return [];
  return [
    contradiction('gateway.auth.publicUrl', 'is null, but the signature of Twilio covers the public address'),
  ];
};

const demoMayConnect: Check = ({ demo, gateway: { auth } }) => {
  if (!demo.enabled || auth.twilioAuthTokens.length === 0 || auth.bearerTokens.length > 0) return [];
  return [
    contradiction('demo.enabled', 'is true, but generic feeds, as the demo is, need a bearer token here'),
  ];
};

const tenantFitsIntoGateway: Check = ({ gateway: { maxStreams, maxStreamsPerTenant } }) => {
  if (maxStreamsPerTenant <= maxStreams) return [];
  const message = `${maxStreamsPerTenant} is more than gateway.maxStreams (${maxStreams})`;
  return [contradiction('gateway.maxStreamsPerTenant', message)];
};

const partitionHoldsMessages: Check = ({ gateway, bus }) => {
  const { maxBytesPerPartition } = bus.topics.audio;
  if (maxBytesPerPartition >= 2 * gateway.maxMessageBytes) return [];
  const message = `${maxBytesPerPartition} holds less than two messages of gateway.maxMessageBytes (${gateway.maxMessageBytes})`;
  return [contradiction('bus.topics.audio.maxBytesPerPartition', message)];
};

const shadowHasSomethingToCompare: Check = ({ model: { engine, shadow } }) => {
  if (engine !== 'drop' || shadow.bundle === null) return [];
  return [contradiction('model.shadow.bundle', 'is set, but the answers of the engine drop mean nothing')];
};

const ruleNamesDiffer: Check = ({ alerts }) => {
  return repeated(alerts.rules.map((rule) => rule.name)).map((name) =>
    contradiction('alerts.rules', `has two rules named ${name}`),
  );
};

const topicNamesDiffer: Check = ({ bus }) => {
  return repeated(Object.values(bus.topics).map((topic) => topic.name)).map((name) =>
    contradiction('bus.topics', `uses the name ${name} twice`),
  );
};

const redisHasOneForm: Check = ({ redis: { sentinel, cluster, db } }) => {
  if (cluster.nodes.length === 0) return [];
  const findings: Finding[] = [];
  if (sentinel.nodes.length > 0)
    findings.push(contradiction('redis.sentinel.nodes', 'is set, but a cluster has no sentinels'));
  if (db !== 0) findings.push(contradiction('redis.db', `is ${db}, but a cluster has database 0 alone`));
  return findings;
};

const redisTlsIsWhole: Check = ({ redis: { tls } }) => {
  if ((tls.certFile === null) === (tls.keyFile === null)) return [];
  return [contradiction('redis.tls', 'has one of certFile and keyFile, which belong together')];
};

const consoleSourceIsThere: Check = ({ console, redis, roles }) => {
  if (console.source !== 'redis' || redis.enabled || !roles.includes('console')) return [];
  return [contradiction('console.source', 'is redis, but redis.enabled is false')];
};

const kafka: Check = ({ bus: { kind, kafka } }) => (kind === 'kafka' ? kafkaFindings(kafka) : []);

function kafkaFindings({ driver, instanceId, tls, sasl, ...times }: KafkaConfig): readonly Finding[] {
  const findings: Finding[] = [];
  const { drainTimeoutMs, sessionTimeoutMs } = times;
  if (drainTimeoutMs >= sessionTimeoutMs) {
    const message = `${drainTimeoutMs} is not less than bus.kafka.sessionTimeoutMs (${sessionTimeoutMs}): the partition would be gone before its worker is done`;
    findings.push(contradiction('bus.kafka.drainTimeoutMs', message));
  }
  if (driver === 'kafkajs' && instanceId !== null) {
    findings.push(contradiction('bus.kafka.instanceId', 'needs the driver node-rdkafka'));
  }
  if ((tls.certFile === null) !== (tls.keyFile === null)) {
    findings.push(contradiction('bus.kafka.tls', 'has one of certFile and keyFile, which belong together'));
  }
  return [...findings, ...saslFindings(sasl)];
}

function saslFindings({ mechanism, ...given }: KafkaConfig['sasl']): readonly Finding[] {
  if (mechanism === null) return [];
  const isOauth = mechanism === 'OAUTHBEARER';
  const needed = isOauth
    ? (['tokenEndpoint', 'clientId', 'clientSecret'] as const)
    : (['username', 'password'] as const);
  return needed
    .filter((field) => given[field] === null)
    .map((field) => contradiction(`bus.kafka.sasl.${field}`, `is null, but ${mechanism} needs it`));
}

const tokensNameOneTenant: Check = ({ gateway: { auth } }) => {
  const twice = repeated(auth.bearerTokens.map(({ token }) => token)).length > 0;
  return twice ? [contradiction('gateway.auth.bearerTokens', 'holds the same token twice')] : [];
};

const CHECKS: readonly Check[] = [
  exposure,
  memoryBusIsOneProcess,
  twilioNeedsPublicUrl,
  demoMayConnect,
  tenantFitsIntoGateway,
  partitionHoldsMessages,
  shadowHasSomethingToCompare,
  ruleNamesDiffer,
  topicNamesDiffer,
  tokensNameOneTenant,
  kafka,
  redisHasOneForm,
  redisTlsIsWhole,
  consoleSourceIsThere,
];

/** What no single field can know: values that do not go together. */
export function crossCheck(config: Config, sources: SourceMap): readonly Problem[] {
  return CHECKS.flatMap((check) => check(config)).map(([code, path, message]) => {
    return { code, path, message, source: sources.of(path.split('.')) };
  });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
