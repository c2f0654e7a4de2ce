/**
 * Every error Undertone raises on purpose has one of these codes. The list is closed: a new failure gets a new
 * entry here, and `docs/errors.md` is generated from it.
 */
export interface CatalogueEntry {
  /** What went wrong, in one sentence, for somebody who has never read the code. */
  readonly meaning: string;
  /** What the reader can do about it. */
  readonly remedy: string;
}

const entry = (meaning: string, remedy: string): CatalogueEntry => ({ meaning, remedy });

export const ERROR_CATALOGUE = {
  UT_INTERNAL: entry(
    'A state that should be impossible was reached: this is a defect in Undertone.',
    'Report it with the message and the stack; the process can go on.',
  ),
  UT_FEATURES_BAD_FRONT_END: entry(
    'A front-end parameter makes the log-Mel computation impossible.',
    'Correct the named field of the front end (bundle.json or the training configuration).',
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export interface UndertoneErrorOptions {
  /** Where the offending value stands: a file, a field path, a byte offset, a feed. */
  readonly place?: string;
  /** True where trying the same thing again later may succeed. Default false. */
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

/** An expected failure: a code from {@link ERROR_CATALOGUE}, the place of the offending value, and a remedy. */
export class UndertoneError extends Error {
  override readonly name = 'UndertoneError';
  readonly code: ErrorCode;
  readonly place: string | undefined;
  readonly retriable: boolean;

  /** @param detail what was found at the place, specific to this occurrence ("header says 0 Hz"). */
  constructor(code: ErrorCode, detail: string, options: UndertoneErrorOptions = {}) {
    const where = options.place === undefined ? '' : ` at ${options.place}`;
    super(`${code}${where}: ${detail} ${ERROR_CATALOGUE[code].remedy}`, { cause: options.cause });
    this.code = code;
    this.place = options.place;
    this.retriable = options.retriable ?? false;
  }

  get remedy(): string {
    return ERROR_CATALOGUE[this.code].remedy;
  }
}

/** The code of any thrown value; `UT_INTERNAL` for what Undertone did not raise itself. */
export function errorCodeOf(error: unknown): ErrorCode {
  return error instanceof UndertoneError ? error.code : 'UT_INTERNAL';
}
