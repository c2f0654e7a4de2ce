import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import { type ErrorCode, UndertoneError } from './errors.js';

/** The PEM files of one kind of connection, as they stand in the configuration. */
export interface TlsFiles {
  /** Path of the section: `bus.kafka.tls`. */
  readonly section: string;
  /** Under which code trouble with them is told. */
  readonly code: ErrorCode;
  /** Null trusts the authorities that Node.js knows. */
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly keyPassphrase?: string | null;
}

type Texts = Readonly<Record<'ca' | 'cert' | 'key', string | null>>;

/**
 * What the files say now, for each new connection anew: certificates are renewed while the process runs. Always holds:
 * the three files are taken together or not at all, so that a connection made while they are being replaced still has
 * those from before.
 */
export class LiveTls {
  readonly #files: TlsFiles;
  readonly #onKept: (error: UndertoneError) => void;
  #texts: Texts;
  #context: SecureContext;
  #lastProblem: string | null = null;

  /**
   * @param onKept told once of each problem for which the files from before are kept
   * @throws an error of the code of `files` where they can't be used now
   */
  constructor(files: TlsFiles, onKept: (error: UndertoneError) => void) {
    this.#files = files;
    this.#onKept = onKept;
    try {
      this.#texts = textsOf(files);
      this.#context = contextOf(this.#texts, files);
    } catch (cause) {
      throw this.#problem(cause);
    }
  }

  /** For one connection. Never throws. */
  get secureContext(): SecureContext {
    try {
      const texts = textsOf(this.#files);
      if (!isSame(texts, this.#texts)) {
        this.#context = contextOf(texts, this.#files);
        this.#texts = texts;
      }
      this.#lastProblem = null;
    } catch (cause) {
      this.#keep(this.#problem(cause));
    }
    return this.#context;
  }

  #keep(problem: UndertoneError): void {
    if (problem.message === this.#lastProblem) return;
    this.#lastProblem = problem.message;
    this.#onKept(problem);
  }

  #problem(cause: unknown): UndertoneError {
    const { code, section } = this.#files;
    return new UndertoneError(code, `${(cause as Error).message}.`, { place: section, cause });
  }
}

function textsOf({ caFile, certFile, keyFile }: TlsFiles): Texts {
  const read = (file: string | null) => (file === null ? null : readFileSync(file, 'utf8'));
  return { ca: read(caFile), cert: read(certFile), key: read(keyFile) };
}

function isSame(one: Texts, other: Texts): boolean {
  return one.ca === other.ca && one.cert === other.cert && one.key === other.key;
}

/** @throws where a text is none of its kind, or the key is not that of the certificate */
function contextOf({ ca, cert, key }: Texts, { keyPassphrase = null }: TlsFiles): SecureContext {
  const context = createSecureContext({
    ...(ca !== null && { ca }),
    ...(cert !== null && { cert }),
    ...(key !== null && { key }),
    ...(keyPassphrase !== null && { passphrase: keyPassphrase }),
  });
  // A text that is no certificate would be taken for an empty list of authorities.
  if (ca !== null) new X509Certificate(ca);
  return context;
}
