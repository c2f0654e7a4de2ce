import { isIP } from 'node:net';
import { UndertoneError } from '../errors.js';

/** What a browser says about where a request goes to and comes from. */
export interface RequestSource {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/**
 * Refuses what a foreign page could send through a visitor's browser. DNS rebinding needs a name that its owner can
 * point elsewhere, so IP addresses, `localhost` and the names in `allowedHosts` are served and no others; a request
 * with an Origin must come from the host that it goes to.
 * Throws UT_CONSOLE_FORBIDDEN_HOST, UT_CONSOLE_FORBIDDEN_ORIGIN.
 */
export function assertOwnOrigin(source: RequestSource, allowedHosts: readonly string[]): void {
  const name = hostnameOf(source.host);
  if (name === undefined || !isServed(name, allowedHosts)) {
    throw new UndertoneError('UT_CONSOLE_FORBIDDEN_HOST', `Host is "${source.host ?? ''}".`);
  }
  if (source.origin === undefined || hostOfOrigin(source.origin) === source.host?.toLowerCase()) return;
  throw new UndertoneError('UT_CONSOLE_FORBIDDEN_ORIGIN', `Origin is "${source.origin}".`);
}

function isServed(name: string, allowedHosts: readonly string[]): boolean {
  const isAddress = isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
  return isAddress || name === 'localhost' || allowedHosts.some((host) => host.toLowerCase() === name);
}

function hostnameOf(host: string | undefined): string | undefined {
  const url = `http://${host ?? ''}`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** `host[:port]` as a Host header would have it; `undefined` for `null` and whatever is no origin. */
function hostOfOrigin(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
