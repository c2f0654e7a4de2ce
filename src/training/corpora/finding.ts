/** What can be found wrong, or odd, with a recording; an error is what would teach a model something false. */
export const FINDING_KINDS = {
  /** The file is not used: its name or its content is not what the corpus holds. */
  'left-out': 'warning',
  /** The recording is labelled with something that no model learns; it is not used. */
  'no-label': 'warning',
  /** Two facts about one recording can't both be true. */
  contradiction: 'error',
  /** The same recording has two labels. */
  'two-labels': 'error',
  /** The name holds the word of another label; it may be about something else. */
  'doubtful-label': 'warning',
  /** The same file, byte for byte, stands under two names. */
  'same-file': 'warning',
  /** Copies of one recording, in another format or with another dither. */
  'same-audio': 'warning',
  /** The sample rate is not that of most recordings. */
  'other-rate': 'warning',
  /** Telephone band among recordings of a wider one. */
  'narrow-band': 'warning',
  stereo: 'warning',
  clipped: 'warning',
  silent: 'warning',
  short: 'warning',
  /** The content is of another format than the name says. */
  'other-format': 'warning',
  /** Two speakers are probably one, spelt in two ways. */
  'speaker-spelling': 'warning',
  /** Nobody says who speaks, or all speak as one. */
  'unknown-speaker': 'warning',
  /** A column of a manifest that means nothing here. */
  'ignored-column': 'warning',
} as const satisfies Record<string, 'error' | 'warning'>;
export type FindingKind = keyof typeof FINDING_KINDS;

/** Something that a person should know before training on a corpus. */
export interface Finding {
  /** Path of the file, with its line where it is a manifest's. */
  readonly file: string;
  readonly kind: FindingKind;
  readonly detail: string;
}

export const isError = ({ kind }: Finding): boolean => FINDING_KINDS[kind] === 'error';
