import type { Command } from 'commander';
import { UndertoneError } from '../../../errors.js';
import type { CommandContext } from '../../context.js';
import { duration } from '../options.js';

const DEFAULT_TIMEOUT = '30s';

/** `undertone erase CALL`: what was published of a call is taken back, and later audio of it refused. */
export function registerErase(program: Command, context: CommandContext): void {
  program
    .command('erase')
    .description('erase a call: its results are taken back, its audio is heard no more (GDPR Art. 17)')
    .argument('<callId>', 'the call')
    .requiredOption('--tenant <name>', 'whose call it is')
    .option('--timeout <time>', 'how long to wait until it is done', duration, duration(DEFAULT_TIMEOUT))
    .action((callId: string, flags: { tenant: string; timeout: number }) => erase(context, callId, flags));
}

async function erase(
  context: CommandContext,
  callId: string,
  { tenant, timeout: timeoutMs }: { readonly tenant: string; readonly timeout: number },
): Promise<void> {
  const [{ kafkaConfig }, { withBus }, { eraseCall }, { systemClock }] = await Promise.all([
    import('../kafka-config.js'),
    import('../open.js'),
    import('./erase.js'),
    import('../../../clock.js'),
  ]);
  const config = await kafkaConfig(context);
  const { audio, calls } = config.bus.topics;
  const order = { callId, tenant, audio: audio.name, calls: calls.name, timeoutMs };
  const done = await withBus(config, (bus) => eraseCall(bus, systemClock, order));
  if (done.tombstone === null) {
    const detail = `No worker has carried it out within ${timeoutMs / 1000} s.`;
    throw new UndertoneError('UT_CLI_ERASE_PENDING', detail, { place: done.order, retriable: true });
  }
  context.terminal.out(`Erased: ordered at ${done.order}, tombstone at ${done.tombstone}.\n`);
}
