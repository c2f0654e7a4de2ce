import { z } from 'zod';
import { alertsSection } from './sections/alerts.js';
import { busSection } from './sections/bus.js';
import { gatewaySection } from './sections/gateway.js';
import { httpSection } from './sections/http.js';
import {
  consoleSection,
  demoSection,
  healthSection,
  logSection,
  shutdownSection,
} from './sections/operation.js';
import { redisSection } from './sections/redis.js';
import { telemetrySection } from './sections/telemetry.js';
import { tenantsSection } from './sections/tenants.js';
import { timelineSection } from './sections/timeline.js';
import { modelSection, voiceActivitySection, workerSection } from './sections/worker.js';

export const ROLES = ['gateway', 'worker', 'console'] as const;
export type Role = (typeof ROLES)[number];

/**
 * The whole configuration. The same schema validates, gives the defaults, names the environment variables and makes
 * `docs/configuration.md`; a field exists nowhere else.
 */
export const configSchema = z.strictObject({
  http: httpSection,
  roles: z
    .array(z.enum(ROLES))
    .min(1)
    .describe('What this process does: take feeds in, analyse calls, serve the console.')
    .default([...ROLES]),
  gateway: gatewaySection,
  tenants: tenantsSection,
  bus: busSection,
  worker: workerSection,
  model: modelSection,
  voiceActivity: voiceActivitySection,
  timeline: timelineSection,
  alerts: alertsSection,
  redis: redisSection,
  console: consoleSection,
  demo: demoSection,
  log: logSection,
  telemetry: telemetrySection,
  health: healthSection,
  shutdown: shutdownSection,
});
export type Config = z.infer<typeof configSchema>;
