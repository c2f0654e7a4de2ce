import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardedFolder } from '../support/servers/guard.js';

/** What the clock of the machine says, for processes that were started with `environment`. Time passes as it does. */
export interface FakeClock {
  readonly environment: Readonly<Record<string, string>>;
  /** @param seconds by which it is ahead from now on; negative: behind */
  set(seconds: number): void;
}

/** Where Debian puts it, by processor. */
const LIBRARIES = '/usr/lib';
/** For programs with threads. */
const LIBRARY = join('faketime', 'libfaketimeMT.so.1');

/** @throws where libfaketime is not installed */
export function createFakeClock(): FakeClock {
  const library = readdirSync(LIBRARIES)
    .map((folder) => join(LIBRARIES, folder, LIBRARY))
    .find((file) => existsSync(file));
  if (library === undefined)
    throw new Error(
      'The step clock-set needs libfaketime: apt-get install faketime. Or leave it out with --steps.',
    );
  const file = join(guardedFolder('clock'), 'offset');
  const set = (seconds: number): void => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  set(0);
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      // The file is looked at once a second; what measures time that passes is left alone, as by a clock that is set.
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
  };
}
