import { fileURLToPath } from 'node:url';
import { UndertoneError } from '../../errors.js';
import type { LoadOptions, ResultsOptions } from '../../load/index.js';
import { parseLegs } from '../../replay/index.js';
import type { CommandContext } from '../context.js';
import { type FeedFlags, feedOptionsOf, secretIn } from '../feed-options.js';

/** Options of `undertone bench load`; times are parsed, ms. */
export interface LoadFlags extends FeedFlags {
  readonly calls: number;
  readonly recordings?: readonly string[];
  readonly duration: number;
  readonly ramp: number;
  readonly grace: number;
  readonly results?: string;
  readonly resultsTokenEnv?: string;
  readonly metrics?: readonly string[];
  readonly maxP99: number;
  readonly maxLost: number;
  readonly maxFailedFeeds: number;
  readonly findCapacity: boolean;
  readonly out?: string;
}

const DEMO = ['billing-dispute.wav', 'holiday-rebooked.wav', 'lost-parcel.wav'];

/** @throws UT_LOAD_OPTION, UT_CLI_LEGS, UT_CLI_REPLAY_OPTION, UT_CLI_NO_KAFKA */
export async function loadOptionsOf(flags: LoadFlags, context: CommandContext): Promise<LoadOptions> {
  if (flags.calls < 1) throw refuse('--calls', 'At least one call is needed.');
  const results = await resultsOf(flags, context);
  const feed = feedOptionsOf(flags, parseLegs);
  return {
    ...feed,
    synthetic: flags.recordings === undefined,
    files:
      flags.recordings ??
      DEMO.map((file) => fileURLToPath(new URL(`../../../demo/${file}`, import.meta.url))),
    calls: flags.calls,
    rampMs: flags.ramp,
    durationMs: flags.duration,
    graceMs: flags.grace,
    results,
    metrics: flags.metrics ?? metricsOf(flags, results),
    limits: { maxP99Ms: flags.maxP99, maxLost: flags.maxLost, maxFailedFeeds: flags.maxFailedFeeds },
  };
}

async function resultsOf(flags: LoadFlags, context: CommandContext): Promise<ResultsOptions> {
  const { results = httpOrigin(flags.url) } = flags;
  if (results === 'kafka') {
    const { kafkaConfig } = await import('../kafka/kafka-config.js');
    return { kind: 'kafka', config: await kafkaConfig(context) };
  }
  if (!URL.canParse(results) || !/^https?:$/.test(new URL(results).protocol))
    throw refuse('--results', `"${results}" is neither an address of the form http://host:port nor kafka.`);
  return { kind: 'console', origin: results, token: secretIn(flags.resultsTokenEnv, '--results-token-env') };
}

function metricsOf({ url }: LoadFlags, results: ResultsOptions): readonly string[] {
  const origins = [httpOrigin(url), ...(results.kind === 'console' ? [new URL(results.origin).origin] : [])];
  return [...new Set(origins)].map((origin) => `${origin}/metrics`);
}

/** Where a gateway is, its process most often has the console and the metrics as well. */
function httpOrigin(url: string): string {
  if (!URL.canParse(url)) throw refuse('--url', `"${url}" is no address of the form ws://host:port.`);
  const { protocol, host } = new URL(url);
  return `${protocol === 'wss:' ? 'https' : 'http'}://${host}`;
}

function refuse(place: string, detail: string): UndertoneError {
  return new UndertoneError('UT_LOAD_OPTION', detail, { place });
}
