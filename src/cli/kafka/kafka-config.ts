import type { Config } from '../../config/index.js';
import { UndertoneError } from '../../errors.js';
import type { CommandContext } from '../context.js';

/** @throws UT_CLI_NO_KAFKA where the configuration names no cluster that a command could speak to */
export async function kafkaConfig(context: CommandContext): Promise<Config> {
  const { config } = await context.loadConfig();
  if (config.bus.kind === 'kafka') return config;
  throw new UndertoneError('UT_CLI_NO_KAFKA', `it is ${config.bus.kind}.`, { place: 'bus.kind' });
}
