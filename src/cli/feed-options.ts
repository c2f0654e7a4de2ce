import { type Command, Option } from 'commander';
import { UndertoneError } from '../errors.js';
import type { SenderOptions } from '../replay/index.js';

/** Options of every command that plays recordings into a gateway. */
export interface FeedFlags {
  readonly feed: SenderOptions['feed'];
  readonly url: string;
  readonly leg?: string;
  readonly encoding: NonNullable<SenderOptions['encoding']>;
  readonly tenant?: string;
  readonly queue?: string;
  readonly notice: NonNullable<SenderOptions['notice']>;
  readonly publicUrl?: string;
  readonly tokenEnv?: string;
  readonly twilioTokenEnv?: string;
}

const ENCODINGS = ['mulaw', 'alaw', 's16le', 's16be', 'f32le', 'f32be'] satisfies FeedFlags['encoding'][];

export function addFeedOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--feed <dialect>', 'how to speak').choices(['twilio', 'generic']).default('generic'),
    )
    .option('--url <url>', 'gateway', 'ws://127.0.0.1:8080')
    .option(
      '--leg <legs>',
      'who speaks on the channels, in order (default: customer, or customer,agent for stereo)',
    )
    .addOption(
      new Option('--encoding <name>', "how a generic feed writes samples, at the file's own rate")
        .choices(ENCODINGS)
        .default('s16le'),
    )
    .option('--tenant <name>', 'tenant that the calls belong to')
    .option('--queue <name>', 'queue that the calls come from')
    .addOption(
      new Option('--notice <state>', 'whether the caller was told that emotion is inferred')
        .choices(['given', 'not-given', 'unknown'])
        .default('unknown'),
    )
    .option('--public-url <url>', 'address that Twilio would sign, where a proxy stands before the gateway')
    .option('--token-env <name>', 'environment variable that holds the token of a generic feed')
    .option(
      '--twilio-token-env <name>',
      'environment variable that holds the Twilio auth token to sign with',
    );
}

/** @throws UT_CLI_LEGS, UT_CLI_REPLAY_OPTION */
export function feedOptionsOf(
  flags: FeedFlags,
  parseLegs: (text: string) => NonNullable<SenderOptions['legs']>,
): Omit<SenderOptions, 'files'> {
  const { feed, url, leg, encoding, tenant, queue, notice, publicUrl } = flags;
  const bearerToken = secretIn(flags.tokenEnv, '--token-env');
  const twilioAuthToken = secretIn(flags.twilioTokenEnv, '--twilio-token-env');
  return {
    ...{ feed, url, encoding, notice },
    ...(leg === undefined ? {} : { legs: parseLegs(leg) }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(queue === undefined ? {} : { queue }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(twilioAuthToken === undefined ? {} : { twilioAuthToken }),
  };
}

/** Secrets come from variables: a command line can be read by everybody on the machine. @throws UT_CLI_REPLAY_OPTION */
export function secretIn(variable: string | undefined, option: string): string | undefined {
  if (variable === undefined) return undefined;
  const value = process.env[variable];
  if (value) return value;
  throw new UndertoneError('UT_CLI_REPLAY_OPTION', `The variable ${variable} is not set.`, { place: option });
}
