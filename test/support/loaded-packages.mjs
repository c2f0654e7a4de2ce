/**
 * Starts the built application with a configuration (JSON, first argument), closes it, and prints which packages of
 * OpenTelemetry were loaded until then, as JSON.
 */
import { createRequire } from 'node:module';
import { createApp } from '../../dist/app.js';
import { configSchema } from '../../dist/config/index.js';
import { createLogger } from '../../dist/telemetry/index.js';

const app = createApp(configSchema.parse(JSON.parse(process.argv[2])), {
  logger: createLogger({ level: 'silent' }),
});
await app.start();
await app.close(1000);
const files = Object.keys(createRequire(import.meta.url).cache);
const packages = files.flatMap((file) => /@opentelemetry[/\\][\w-]+/.exec(file)?.[0] ?? []);
console.log(JSON.stringify([...new Set(packages)]));
process.exit(0);
