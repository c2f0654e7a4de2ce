import { BenchCall } from './audio.mjs';

/** Records of one send, all partitions together. */
const RECORDS_A_SEND = 1200;
const OPEN_LIMIT_MS = 600_000;
/** However small the log, each call has some windows. */
const MIN_CHUNKS_A_CALL = 200;

/**
 * Writes calls side by side, from beginning to end, in one transaction that stays open: workers have joined, and see
 * nothing of it, until it is opened to them all at once.
 */
export async function prepareLog(stage, { audio }, { chunks, calls: count }) {
  const producer = stage.kafka.producer({
    transactionalId: `bench/${audio}`,
    transactionTimeout: OPEN_LIMIT_MS,
    maxInFlightRequests: 1,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  const calls = Array.from({ length: count }, (_, index) => new BenchCall(index));
  const chunksACall = Math.max(MIN_CHUNKS_A_CALL, Math.ceil(chunks / count));
  let batch = [];
  let records = 0;
  const send = async () => {
    if (batch.length > 0) await transaction.send({ topic: audio, messages: batch, acks: -1 });
    records += batch.length;
    batch = [];
  };
  for (const message of messagesOf(calls, chunksACall)) {
    if (batch.push(message) >= RECORDS_A_SEND) await send();
  }
  await send();
  return {
    audio,
    calls: count,
    chunksACall,
    chunks: count * chunksACall,
    records,
    /** Makes it visible. */
    async open() {
      await transaction.commit();
      await producer.disconnect();
    },
  };
}

function* messagesOf(calls, chunksACall) {
  for (const call of calls) yield call.started();
  for (let i = 0; i < chunksACall; i++) for (const call of calls) yield call.chunk();
  for (const call of calls) yield call.ended();
}
