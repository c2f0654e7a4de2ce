// @ts-check
/**
 * Thread with one session of an engine. Runs one window at a time: a batch of one, one core, so that a result depends
 * on its window alone. Any failure ends the thread; the pool replaces it.
 *
 * JavaScript, not TypeScript, because a thread's first file must run as it stands, from the sources as from dist.
 */
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

/** @import { SessionReply, SessionRequest, SessionSetup } from './session-messages.js' */

const setup = /** @type {SessionSetup} */ (workerData);
const port = /** @type {NonNullable<typeof parentPort>} */ (parentPort);
const windows = new Float32Array(setup.windows);
const window = new Float32Array(setup.windowShape.reduce((product, size) => product * size, 1));
const session = await open(setup);

/** Not the lowest priority: beside a busy neighbour such a thread would not even come to its end. */
function giveWay() {
  if (process.platform !== 'linux') return;
  const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  setPriority(threadId, constants.priority.PRIORITY_BELOW_NORMAL);
}

/** Loads the library of the engine that was asked for, and no other. @param {SessionSetup} setup */
async function open({ model, windowShape }) {
  if (model.engine === 'tfjs') {
    const { openTfjsSession } = await import('./tfjs-session.js');
    return openTfjsSession(model, window, windowShape);
  }
  const { openOnnxSession } = await import('./onnx-session.js');
  return openOnnxSession(model, window, windowShape);
}

/** @param {SessionReply} reply */
function send(reply) {
  port.postMessage(reply);
}

/** @param {number} slot */
async function answer(slot) {
  const startedAt = performance.now();
  window.set(windows.subarray(slot * window.length, (slot + 1) * window.length));
  const probabilities = await session.run();
  send({ kind: 'done', slot, probabilities, ms: performance.now() - startedAt });
}

/** @param {SessionRequest} request */
async function handle(request) {
  if (request.kind === 'run') return answer(request.slot);
  await session.close();
  port.close();
}

for (let i = 0; i < setup.warmUpRuns; i++) await session.run();
if (setup.background) giveWay();
// One after the other: the window array is shared by all runs.
let previous = Promise.resolve();
port.on('message', (/** @type {SessionRequest} */ request) => {
  previous = previous.then(() => handle(request));
});
send({ kind: 'ready' });
