/** Seven digits or more in a row, or with the usual separators behind a plus; not a part of a longer word. */
const PHONE_NUMBER = /(?<![0-9A-Za-z])(?:\+\d(?:[ ()./-]{0,2}\d){6,}|\d{7,})(?![0-9A-Za-z])/g;
const SHOWN_DIGITS = 2;

/** The text with all but the last two digits of what looks like a phone number replaced: `sip:***67@host`. */
export function maskPhoneNumbers(text: string): string {
  return text.replace(PHONE_NUMBER, (number) => `***${number.slice(-SHOWN_DIGITS)}`);
}
