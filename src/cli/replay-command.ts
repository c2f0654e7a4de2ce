import type { Command } from 'commander';
import { UndertoneError } from '../errors.js';
import type { CallResult, ReplayOptions } from '../replay/index.js';
import { type CommandContext, ExitCode } from './context.js';
import type { Terminal } from './terminal.js';
import { number, wholeNumber } from './training/options.js';

interface ReplayFlags {
  readonly feed: ReplayOptions['feed'];
  readonly url: string;
  readonly speed: number;
  readonly calls: number;
  readonly leg?: string;
  readonly encoding: NonNullable<ReplayOptions['encoding']>;
  readonly tenant?: string;
  readonly queue?: string;
  readonly notice: NonNullable<ReplayOptions['notice']>;
  readonly spreadMs?: number;
  readonly randomChunks?: number;
  readonly publicUrl?: string;
  readonly tokenEnv?: string;
  readonly twilioTokenEnv?: string;
}

/** `undertone replay FILE…`: recordings over a real connection, as a vendor sends calls. */
export function registerReplay(program: Command, { terminal }: CommandContext): void {
  program
    .command('replay')
    .description('play recordings into a gateway over a real connection, paced as the vendor paces')
    .argument('<file...>', 'recordings')
    .addOption(
      program
        .createOption('--feed <dialect>', 'how to speak')
        .choices(['twilio', 'generic'])
        .default('generic'),
    )
    .option('--url <url>', 'gateway', 'ws://127.0.0.1:8080')
    .option(
      '--speed <n>',
      'how many times faster than the recording; 0 = as fast as the gateway takes it',
      number,
      1,
    )
    .option('--calls <n>', 'calls at once from each file', wholeNumber, 1)
    .option(
      '--leg <legs>',
      'who speaks on the channels, in order (default: customer, or customer,agent for stereo)',
    )
    .addOption(
      program
        .createOption('--encoding <name>', "how a generic feed writes samples, at the file's own rate")
        .choices(['mulaw', 'alaw', 's16le', 's16be', 'f32le', 'f32be'] satisfies ReplayFlags['encoding'][])
        .default('s16le'),
    )
    .option('--tenant <name>', 'tenant that the calls belong to')
    .option('--queue <name>', 'queue that the calls come from')
    .addOption(
      program
        .createOption('--notice <state>', 'whether the caller was told that emotion is inferred')
        .choices(['given', 'not-given', 'unknown'])
        .default('unknown'),
    )
    .option('--spread-ms <ms>', 'spread the beginnings of the calls over so long (default: 500)', number)
    .option(
      '--random-chunks <seed>',
      'generic feed: cut the audio into messages of random sizes',
      wholeNumber,
    )
    .option('--public-url <url>', 'address that Twilio would sign, where a proxy stands before the gateway')
    .option('--token-env <name>', 'environment variable that holds the token of a generic feed')
    .option('--twilio-token-env <name>', 'environment variable that holds the Twilio auth token to sign with')
    .action(async (files: string[], flags: ReplayFlags) => {
      const { parseLegs, replay } = await import('../replay/index.js');
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      const results = await replay({
        files,
        ...optionsOf(flags, parseLegs),
        signal: stop.signal,
        ...progressLine(terminal),
      });
      for (const result of results) terminal.out(resultLine(result));
      if (results.some((result) => result.error !== undefined)) throw new ExitCode(1);
    });
}

const MAX_RANDOM_CHUNK_BYTES = 4096;

function optionsOf(
  flags: ReplayFlags,
  parseLegs: (text: string) => NonNullable<ReplayOptions['legs']>,
): Omit<ReplayOptions, 'files'> {
  const { leg, randomChunks, tokenEnv, twilioTokenEnv, ...same } = flags;
  const bearerToken = secretIn(tokenEnv, '--token-env');
  const twilioAuthToken = secretIn(twilioTokenEnv, '--twilio-token-env');
  return {
    ...same,
    ...(leg === undefined ? {} : { legs: parseLegs(leg) }),
    ...(randomChunks === undefined
      ? {}
      : { randomChunks: { seed: randomChunks, maxBytes: MAX_RANDOM_CHUNK_BYTES } }),
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(twilioAuthToken === undefined ? {} : { twilioAuthToken }),
  };
}

/** Secrets come from variables: a command line can be read by everybody on the machine. */
function secretIn(variable: string | undefined, option: string): string | undefined {
  if (variable === undefined) return undefined;
  const value = process.env[variable];
  if (value) return value;
  throw new UndertoneError('UT_CLI_REPLAY_OPTION', `The variable ${variable} is not set.`, { place: option });
}

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
