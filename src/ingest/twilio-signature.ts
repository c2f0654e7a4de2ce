import { createHmac, timingSafeEqual } from 'node:crypto';

/** What Twilio puts into `X-Twilio-Signature` of a WebSocket upgrade: HMAC-SHA1 of the whole URL, base64. */
export function twilioSignature(authToken: string, url: string): string {
  return createHmac('sha1', authToken).update(url, 'utf8').digest('base64');
}

/**
 * Whether `signature` is that of the stream URL `publicUrl` + `path`. The scheme is always `wss` (or `ws` where
 * `publicUrl` is plain), the port may be signed or left out, as Twilio's own libraries accept it.
 *
 * @param publicUrl where Twilio reaches this gateway, `wss://voice.example.com`; http(s) is taken as ws(s).
 * @param path path and query of the request, as sent.
 */
export function isTwilioSignature(
  authToken: string,
  signature: string,
  publicUrl: string,
  path: string,
): boolean {
  return signedUrls(publicUrl, path)
    .map((url) => sameText(twilioSignature(authToken, url), signature))
    .includes(true);
}

/** Compares without telling by its duration how much of the text was right. */
export function sameText(expected: string, given: string): boolean {
  const [a, b] = [digest(expected), digest(given)];
  return timingSafeEqual(a, b);
}

const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();

function signedUrls(publicUrl: string, path: string): readonly string[] {
  const { protocol, hostname, port, pathname } = new URL(publicUrl);
  const secure = protocol === 'wss:' || protocol === 'https:';
  const rest = pathname.replace(/\/$/, '') + path;
  const origin = `${secure ? 'wss' : 'ws'}://${hostname}`;
  return [`${origin}${rest}`, `${origin}:${port || (secure ? 443 : 80)}${rest}`];
}
