const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

const mix = (word: number): number => {
  const product = Math.imul(word, MULTIPLIER);
  return Math.imul(product ^ (product >>> 24), MULTIPLIER);
};

/** MurmurHash 2, 32 bit, as `org.apache.kafka.common.utils.Utils.murmur2`; a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wholeWords = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < wholeWords; at += 4) {
    hash = Math.imul(hash, MULTIPLIER) ^ mix(view.getInt32(at, true));
  }
  if (bytes.length > wholeWords) {
    for (let at = bytes.length - 1; at >= wholeWords; at--) hash ^= bytes[at]! << (8 * (at - wholeWords));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

const utf8 = new TextEncoder();

/** The partition Kafka's default partitioner gives a key, so that every bus places a call alike. */
export function partitionOfKey(key: string, partitionCount: number): number {
  return (murmur2(utf8.encode(key)) & 0x7fffffff) % partitionCount;
}
