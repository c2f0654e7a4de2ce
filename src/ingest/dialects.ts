import { ERROR_CATALOGUE } from '../errors.js';
import type { Leg } from './audio-log.js';
import type { LegUse } from './leg-policy.js';
import type { FeedFault, FeedParser } from './telephony/feed-event.js';
import { createGenericParser } from './telephony/generic.js';
import { createTwilioParser, type TwilioOptions } from './telephony/twilio.js';

export const DIALECTS = ['twilio', 'generic'] as const;
export type DialectName = (typeof DIALECTS)[number];

/** What the gateway tells a sender that its stream was accepted as. */
export interface Acceptance {
  readonly callId: string;
  readonly feedId: string;
  readonly legs: readonly { readonly leg: Leg; readonly use: LegUse }[];
}

/** What sets one telephony dialect apart. Replies are sent as text messages; a dialect without them stays silent. */
export interface Dialect {
  readonly path: string;
  createParser(options: DialectOptions): FeedParser;
  accepted?(acceptance: Acceptance): string;
  refused?(fault: FeedFault): string;
}

export interface DialectOptions {
  readonly twilio: TwilioOptions;
}

export const DIALECT: Readonly<Record<DialectName, Dialect>> = {
  twilio: {
    path: '/v1/feeds/twilio',
    createParser: ({ twilio }) => createTwilioParser(twilio),
  },
  generic: {
    path: '/v1/feeds/generic',
    createParser: createGenericParser,
    accepted: (acceptance) => JSON.stringify({ event: 'started', ...acceptance }),
    refused: ({ code, message }) =>
      JSON.stringify({ event: 'error', code, message, remedy: ERROR_CATALOGUE[code].remedy }),
  },
};
