export { isLoopback } from './cross-checks.js';
export { type ConfigInputs, DEFAULT_CONFIG_FILE, type LoadedConfig, loadConfig } from './load.js';
export { printConfig } from './print.js';
export { didYouMean } from './problem.js';
export { renderConfigurationReference } from './reference.js';
export { type Config, configSchema, ROLES, type Role } from './schema.js';
export { redact } from './secrets.js';
export { type AlertRuleConfig, type AlertsConfig, alertRuleSchema } from './sections/alerts.js';
export type { BusConfig } from './sections/bus.js';
export type { GatewayConfig } from './sections/gateway.js';
export type { HttpConfig } from './sections/http.js';
export type { KafkaConfig } from './sections/kafka.js';
export type {
  ConsoleConfig,
  DemoConfig,
  HealthConfig,
  LogConfig,
  ShutdownConfig,
} from './sections/operation.js';
export type { RedisConfig } from './sections/redis.js';
export type { TelemetryConfig } from './sections/telemetry.js';
export type { TenantConfig, TenantsConfig } from './sections/tenants.js';
export type { TimelineConfig } from './sections/timeline.js';
export type { ModelConfig, VoiceActivityConfig, WorkerConfig } from './sections/worker.js';
export type { Source } from './source.js';
