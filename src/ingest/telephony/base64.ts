/**
 * The bytes of standard, padded base64 (RFC 4648 §4); `undefined` for anything else, where `Buffer.from` would guess.
 *
 * `Buffer.from` leaves out what it does not know and ends at the first `=`, so that fewer bytes come of it than the length
 * of the text promises; what else it knows is the alphabet for addresses.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === (text.length / 4) * 3 - padding ? bytes : undefined;
}
