import type { DemoConfig } from '../config/index.js';
import type { Logger } from '../telemetry/index.js';
import type { Part } from './parts.js';

export function createDemoPlayer(_config: DemoConfig, _url: () => string, _logger: Logger): Part {
  return { name: 'demo', start: async () => {}, close: async () => {} };
}
