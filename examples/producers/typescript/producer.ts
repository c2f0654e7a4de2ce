/**
 * Writes a recorded call into Undertone's audio log.
 *
 *   npm install && npm run build && npm start -- localhost:9092 my-call-1 call.wav
 */
import { Kafka, type Message, Partitioners } from 'kafkajs';
import { type Recording, readWav } from './wav.js';

const TOPIC = 'undertone.audio.v1';
const CHUNK_MS = 20;
/** Chunks that go out in one request: a second of audio. A live source sends what it has every 20 to 100 ms. */
const CHUNKS_PER_SEND = 50;

const [bootstrap, callId, file] = process.argv.slice(2);
if (!bootstrap || !callId || !file) {
  console.error('usage: npm start -- BOOTSTRAP CALL_ID FILE.wav');
  process.exit(2);
}

const producer = new Kafka({ brokers: bootstrap.split(',') }).producer({
  // Retries must neither double chunks nor change their order.
  idempotent: true,
  maxInFlightRequests: 1,
  // murmur2 of the key, as Java's and Undertone's own: all that is written about a call lies in one partition.
  createPartitioner: Partitioners.DefaultPartitioner,
});
await producer.connect();
try {
  const records = [...recordsOf(callId, readWav(file))];
  for (let at = 0; at < records.length; at += CHUNKS_PER_SEND) {
    await producer.send({ topic: TOPIC, messages: records.slice(at, at + CHUNKS_PER_SEND) });
  }
  console.log(`${records.length} records written to ${TOPIC}`);
} finally {
  await producer.disconnect();
}

/** All records of the call in the order in which they have to stand in the log. */
function* recordsOf(callId: string, recording: Recording): Generator<Message> {
  let count = 0;
  const record = (type: string, headers: Record<string, string>, value: Buffer | string): Message => ({
    key: callId,
    value,
    headers: {
      ce_specversion: '1.0',
      ce_type: type,
      ce_source: `urn:example:recorder:${callId}`,
      ce_id: String(count++),
      tenant: 'default',
      ...headers,
    },
  });
  const json = { 'content-type': 'application/json' };

  // A recording can wait, so it is not live: Undertone takes its time and skips nothing.
  const started = { live: false, notice: 'given', legs: ['customer'], feed: 'example' };
  yield record('call.started', json, JSON.stringify(started));

  const { encoding, rateHz, sampleBytes, bytes } = recording;
  const chunkSamples = Math.floor((rateHz * CHUNK_MS) / 1000);
  const samples = Math.floor(bytes.length / sampleBytes);
  for (let seq = 0, offset = 0; offset < samples; seq++, offset += chunkSamples) {
    const end = Math.min(samples, offset + chunkSamples);
    const headers = {
      'content-type': 'application/octet-stream',
      leg: 'customer',
      encoding,
      rate: String(rateHz),
      channels: '1',
      seq: String(seq),
      'offset-samples': String(offset),
    };
    yield record('audio.chunk', headers, bytes.subarray(offset * sampleBytes, end * sampleBytes));
  }
  yield record('call.ended', json, JSON.stringify({ reason: 'completed' }));
}
