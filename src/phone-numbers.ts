/** A UUID, which identifies most calls: about one in forty begins with eight decimal digits that are no phone number. */
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Seven digits or more in a row, or with the usual separators behind a plus. */
const PHONE_NUMBER = '\\+\\d(?:[ ()./-]{0,2}\\d){6,}|\\d{7,}';
/** Neither begins or ends within a longer word. */
const EITHER = new RegExp(`(?<![0-9a-z])(?:(?<uuid>${UUID})|${PHONE_NUMBER})(?![0-9a-z])`, 'gi');
const SHOWN_DIGITS = 2;

/** The text with all but the last two digits of what looks like a phone number replaced: `sip:***67@host`. UUIDs stay. */
export function maskPhoneNumbers(text: string): string {
  return text.replace(
    EITHER,
    (found, uuid: string | undefined) => uuid ?? `***${found.slice(-SHOWN_DIGITS)}`,
  );
}
