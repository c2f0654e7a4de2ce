import type { Command } from 'commander';
import type { CallResult, ReplayOptions } from '../replay/index.js';
import { type CommandContext, ExitCode } from './context.js';
import { addFeedOptions, type FeedFlags, feedOptionsOf } from './feed-options.js';
import type { Terminal } from './terminal.js';
import { number, wholeNumber } from './training/options.js';

interface ReplayFlags extends FeedFlags {
  readonly speed: number;
  readonly calls: number;
  readonly spreadMs?: number;
  readonly randomChunks?: number;
}

/** `undertone replay FILE…`: recordings over a real connection, as a vendor sends calls. */
export function registerReplay(program: Command, { terminal }: CommandContext): void {
  const command = program
    .command('replay')
    .description('play recordings into a gateway over a real connection, paced as the vendor paces')
    .argument('<file...>', 'recordings')
    .option(
      '--speed <n>',
      'how many times faster than the recording; 0 = as fast as the gateway takes it',
      number,
      1,
    )
    .option('--calls <n>', 'calls at once from each file', wholeNumber, 1)
    .option('--spread-ms <ms>', 'spread the beginnings of the calls over so long (default: 500)', number)
    .option(
      '--random-chunks <seed>',
      'generic feed: cut the audio into messages of random sizes',
      wholeNumber,
    );
  addFeedOptions(command).action(async (files: string[], flags: ReplayFlags) => {
    const { parseLegs, replay } = await import('../replay/index.js');
    const { speed, calls, spreadMs, randomChunks } = flags;
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    const results = await replay({
      files,
      ...feedOptionsOf(flags, parseLegs),
      ...{ speed, calls },
      ...(spreadMs === undefined ? {} : { spreadMs }),
      ...(randomChunks === undefined
        ? {}
        : { randomChunks: { seed: randomChunks, maxBytes: MAX_RANDOM_CHUNK_BYTES } }),
      signal: stop.signal,
      ...progressLine(terminal),
    });
    for (const result of results) terminal.out(resultLine(result));
    if (results.some((result) => result.error !== undefined)) throw new ExitCode(1);
  });
}

const MAX_RANDOM_CHUNK_BYTES = 4096;

/** One line that is written over and over, on terminals alone. */
function progressLine(terminal: Terminal): Pick<ReplayOptions, 'onProgress'> {
  if (!terminal.colours) return {};
  const seconds = (ms: number) => Math.round(ms / 1000);
  return {
    onProgress: ({ calls, callsDone, sentMs, totalMs }) => {
      const end = callsDone === calls ? '\n' : '';
      terminal.err(
        `\r${callsDone} of ${calls} calls done, ${seconds(sentMs)} of ${seconds(totalMs)} s sent ${end}`,
      );
    },
  };
}

function resultLine({ callId, file, messages, audioMs, wallMs, latestMs, error }: CallResult): string {
  if (error !== undefined) return `✗ ${callId} (${file}): ${error.message}\n`;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const pace = `${seconds(audioMs)} in ${seconds(wallMs)}, ${messages} messages, at most ${Math.round(latestMs)} ms late`;
  return `✓ ${callId} (${file}): ${pace}\n`;
}
