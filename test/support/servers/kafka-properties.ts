import { join } from 'node:path';
import { type Certificates, joinKeyAndCertificate } from './certificates.js';

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER';

export interface BrokerSecurity {
  /** Users and their passwords. With OAUTHBEARER whoever brings an unsigned token is its `sub`. */
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly users: Readonly<Record<string, string>> };
  /** Certificates for the occasion: `broker.certificates`. */
  readonly tls?: boolean;
  /** Users may do nothing but what `broker.admin.grant` allows; needs `sasl`. */
  readonly acls?: boolean;
}

/** Ports of 127.0.0.1: for clients, for brokers and the tests' own administration (always open), for the quorum. */
export interface NodePorts {
  readonly client: number;
  readonly internal: number;
  readonly controller: number;
}

export interface NodePlan {
  readonly nodeId: number;
  /** Of all members, this one's included; ids count from 1. */
  readonly members: readonly NodePorts[];
  readonly ports: NodePorts;
  readonly folder: string;
  readonly security: BrokerSecurity;
  readonly certificates: Certificates | undefined;
  readonly extra: Readonly<Record<string, string>>;
}

/** The text of `server.properties`: broker and controller in one, everything small and quick. */
export function propertiesText(plan: NodePlan): string {
  const replicas = Math.min(3, plan.members.length);
  const all = {
    ...networkProperties(plan),
    ...replicationProperties(replicas),
    ...TIMING,
    ...saslProperties(plan.security),
    ...tlsProperties(plan),
    ...(plan.security.acls ? ACLS : {}),
    'log.dirs': join(plan.folder, 'data'),
    ...plan.extra,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  return `${lines.join('\n')}\n`;
}

const TIMING = {
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  // A broker that was killed may come back as soon as its old session has ended.
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '500',
  'auto.create.topics.enable': 'false',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.num.partitions': '4',
  'share.coordinator.state.topic.num.partitions': '1',
  'num.network.threads': '2',
  'num.io.threads': '4',
  'log.cleaner.dedupe.buffer.size': '8388608',
};

const ACLS = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  // Nobody logs in on the internal ports: that is the tests' own way in.
  'super.users': 'User:ANONYMOUS',
};

function networkProperties({ nodeId, members, ports, security }: NodePlan): Record<string, string> {
  const address = (listener: string, port: number): string => `${listener}://127.0.0.1:${port}`;
  const serving = [address('CLIENT', ports.client), address('INTERNAL', ports.internal)];
  const protocol = `${security.sasl ? 'SASL_' : ''}${security.tls ? 'SSL' : 'PLAINTEXT'}`;
  return {
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': members
      .map(({ controller }, index) => `${index + 1}@127.0.0.1:${controller}`)
      .join(','),
    listeners: [...serving, address('CONTROLLER', ports.controller)].join(','),
    'advertised.listeners': serving.join(','),
    'listener.security.protocol.map': `CLIENT:${protocol},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
  };
}

function replicationProperties(replicas: number): Record<string, string> {
  const minIsr = String(Math.max(1, replicas - 1));
  return {
    'default.replication.factor': String(replicas),
    'min.insync.replicas': minIsr,
    'offsets.topic.replication.factor': String(replicas),
    'transaction.state.log.replication.factor': String(replicas),
    'transaction.state.log.min.isr': minIsr,
    'share.coordinator.state.topic.replication.factor': String(replicas),
    'share.coordinator.state.topic.min.isr': minIsr,
  };
}

const LOGIN_MODULES: Record<SaslMechanism, string> = {
  PLAIN: 'org.apache.kafka.common.security.plain.PlainLoginModule',
  'SCRAM-SHA-256': 'org.apache.kafka.common.security.scram.ScramLoginModule',
  'SCRAM-SHA-512': 'org.apache.kafka.common.security.scram.ScramLoginModule',
  OAUTHBEARER: 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule',
};

function saslProperties({ sasl }: BrokerSecurity): Record<string, string> {
  if (sasl === undefined) return {};
  const { mechanism, users } = sasl;
  const entries = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`);
  const login = `${LOGIN_MODULES[mechanism]} required${mechanism === 'PLAIN' ? entries.join('') : ''};`;
  return {
    'listener.name.client.sasl.enabled.mechanisms': mechanism,
    [`listener.name.client.${mechanism.toLowerCase()}.sasl.jaas.config`]: login,
  };
}

/** Arguments of the format command that bring the users of SCRAM, whose passwords stand in the metadata log. */
export function scramArguments({ sasl }: BrokerSecurity): readonly string[] {
  if (!sasl?.mechanism.startsWith('SCRAM')) return [];
  const { mechanism, users } = sasl;
  return Object.entries(users).flatMap(([name, password]) => [
    '--add-scram',
    `${mechanism}=[name=${name},password=${password}]`,
  ]);
}

function tlsProperties({ certificates, folder }: NodePlan): Record<string, string> {
  if (certificates === undefined) return {};
  return {
    'listener.name.client.ssl.keystore.type': 'PEM',
    'listener.name.client.ssl.keystore.location': joinKeyAndCertificate(
      certificates,
      join(folder, 'server.pem'),
    ),
    'listener.name.client.ssl.truststore.type': 'PEM',
    'listener.name.client.ssl.truststore.location': certificates.caFile,
  };
}
