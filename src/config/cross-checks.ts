import type { ErrorCode } from '../errors.js';
import type { Problem } from './problem.js';
import type { Config } from './schema.js';
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

const memoryBusIsOneProcess: Check = ({ bus, roles }) => {
  const missing = (['gateway', 'worker'] as const).filter((role) => !roles.includes(role));
  if (bus.kind !== 'memory' || missing.length === 0) return [];
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
  ruleNamesDiffer,
  topicNamesDiffer,
  tokensNameOneTenant,
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
