// @ts-check
/**
 * Thread with one onnxruntime session. Runs one window at a time: a batch of one, one core, so that a result depends
 * on its window alone. Any failure ends the thread; the pool replaces it.
 *
 * JavaScript, not TypeScript, because a thread's first file must run as it stands, from the sources as from dist.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** @import { SessionReply, SessionRequest, SessionSetup } from './session-messages.js' */

const setup = /** @type {SessionSetup} */ (workerData);
const port = /** @type {NonNullable<typeof parentPort>} */ (parentPort);
const windows = new Float32Array(setup.windows);
const window = new Float32Array(setup.windowShape.reduce((product, size) => product * size, 1));
const input = new Tensor('float32', window, [1, ...setup.windowShape]);
const session = await InferenceSession.create(setup.onnx, {
  executionMode: 'sequential',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
});

async function run() {
  const outputs = await session.run({ [setup.inputName]: input });
  const output = /** @type {Float32Array} */ (outputs[setup.outputName]?.data);
  return new Float32Array(output);
}

/** @param {SessionReply} reply */
function send(reply) {
  port.postMessage(reply);
}

/** @param {number} slot */
async function answer(slot) {
  const startedAt = performance.now();
  window.set(windows.subarray(slot * window.length, (slot + 1) * window.length));
  const probabilities = await run();
  send({ kind: 'done', slot, probabilities, ms: performance.now() - startedAt });
}

/** @param {SessionRequest} request */
async function handle(request) {
  if (request.kind === 'run') return answer(request.slot);
  await session.release();
  port.close();
}

for (let i = 0; i < setup.warmUpRuns; i++) await run();
// One after the other: the input tensor is shared by all runs.
let previous = Promise.resolve();
port.on('message', (/** @type {SessionRequest} */ request) => {
  previous = previous.then(() => handle(request));
});
send({ kind: 'ready' });
