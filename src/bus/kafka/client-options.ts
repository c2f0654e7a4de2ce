import type { UndertoneError } from '../../errors.js';

/** How every Kafka client reaches its brokers; the same for all drivers. */
export interface KafkaClientOptions {
  /** `host:port`, at least one; the others are found through it. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Null: unencrypted. */
  readonly tls: KafkaTlsOptions | null;
  /** Null: no authentication, or by client certificate alone. */
  readonly sasl: KafkaSaslOptions | null;
  /** A member that is silent for so long loses its partitions. */
  readonly sessionTimeoutMs: number;
  /** A transaction that nobody ends is aborted by the broker after this. */
  readonly transactionTimeoutMs: number;
  /** Passed on to the client as it is, over everything that is set here. */
  readonly driverOptions: Readonly<Record<string, unknown>>;
  /** Hears what the client itself logs. */
  readonly onLog: (entry: ClientLogEntry) => void;
  /** Told where the files of `tls` can't be used any more, and connections are made with what they held before. */
  readonly onTlsFilesKept: (error: UndertoneError) => void;
}

/** PEM files; the authorities of the system stand in for a missing `caFile`. kafkajs reads them for each connection, librdkafka for each client. */
export interface KafkaTlsOptions {
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly keyPassphrase: string | null;
}

export type KafkaSaslOptions =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'OAUTHBEARER';
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string | null;
    };

export interface ClientLogEntry {
  readonly level: 'error' | 'warn' | 'info';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
