/** Media time as `m:ss`, or `h:mm:ss` from an hour on. */
export function clockOf(mediaMs: number): string {
  const seconds = Math.max(0, Math.floor(mediaMs / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const ss = String(s).padStart(2, '0');
  return h === 0 ? `${m}:${ss}` : `${h}:${String(m).padStart(2, '0')}:${ss}`;
}

/** A length of time in words that are short: `4 s`, `2 min 5 s`. */
export function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

/** A share 0…1 as whole percent. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** −1…1 with its sign, a true minus, two decimals. */
export function signed(value: number): string {
  const rounded = value.toFixed(2);
  if (Number(rounded) === 0) return '0.00';
  return value < 0 ? `−${rounded.slice(1)}` : `+${rounded}`;
}

/** A call id as short as a list needs it; the whole id stands in the title. */
export function shortId(callId: string): string {
  return callId.length <= 16 ? callId : `${callId.slice(0, 8)}…${callId.slice(-5)}`;
}

/** How many, with the noun in its number. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
