import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { numberOf } from '../support/number-option.js';

export interface SoakOptions {
  /** Calls that the process is known to bear; `null` = found out first. */
  readonly capacity: number | null;
  /** Share of them that is played. */
  readonly share: number;
  readonly minutes: number;
  /** Twilio or generic feeds. */
  readonly feed: string;
  /** Folder of the bundle; `null` = the default one. */
  readonly bundle: string | null;
  /** Where logs and the result go. */
  readonly runsFolder: string;
  /** File in which the result is kept as those of `bench/results` are; `null` = none. */
  readonly out: string | null;
}

export const DEFAULTS: SoakOptions = {
  capacity: null,
  share: 0.7,
  minutes: 60,
  feed: 'twilio',
  bundle: null,
  runsFolder: fileURLToPath(new URL('../../runs', import.meta.url)),
  out: null,
};

export const USAGE = `npm run soak -- [options]

  --capacity N       calls that the process bears (default: found out by bench load --find-capacity)
  --share X          of these are played (0.7)
  --minutes N        for so long (60)
  --feed NAME        twilio, generic (twilio)
  --bundle FOLDER    another model
  --out FILE         keep the result, for docs/sizing.md in bench/results`;

/** @throws where an option is not known or not usable */
export function parseOptions(args: readonly string[]): SoakOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { capacity: text, share: text, minutes: text, feed: text, bundle: text, out: text },
  });
  return {
    ...DEFAULTS,
    capacity: values.capacity === undefined ? null : numberOf('capacity', values.capacity, 0),
    share: numberOf('share', values.share, DEFAULTS.share),
    minutes: numberOf('minutes', values.minutes, DEFAULTS.minutes),
    feed: values.feed ?? DEFAULTS.feed,
    bundle: values.bundle ?? DEFAULTS.bundle,
    out: values.out ?? DEFAULTS.out,
  };
}
