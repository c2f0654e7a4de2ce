import { createRequire } from 'node:module';

interface Decoder {
  readonly buffer: Buffer;
  offset: number;
  readVarInt(): number;
  readVarIntArray(): { reduce(): Readonly<Record<string, string>> };
}

let done = false;

/**
 * kafkajs 2.2.4 reads a record's headers by copying all headers read so far for each further one, and makes a buffer
 * of each value: for the twelve headers of an audio record that is more work than all the rest of the record. Headers
 * are nothing but text here, so they are read as that, in one pass. Its only reader of such lists folds what it gets.
 */
export function readHeadersQuickly(): void {
  if (done) return;
  done = true;
  const load = createRequire(import.meta.url);
  const { prototype } = load('kafkajs/src/protocol/decoder') as { readonly prototype: Decoder };
  prototype.readVarIntArray = function (this: Decoder) {
    const headers = readHeaders(this);
    return { reduce: () => headers };
  };
}

/** Of a header that stands there twice the last counts, as in a map. */
function readHeaders(decoder: Decoder): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let left = decoder.readVarInt(); left > 0; left--) {
    const name = readText(decoder);
    headers[name] = readText(decoder);
  }
  return headers;
}

/** A missing value is ''. */
function readText(decoder: Decoder): string {
  const bytes = decoder.readVarInt();
  if (bytes <= 0) return '';
  const start = decoder.offset;
  decoder.offset += bytes;
  return decoder.buffer.toString('utf8', start, decoder.offset);
}
