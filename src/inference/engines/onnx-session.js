// @ts-check
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** @import { Session, SessionModelOf, SessionSetup } from './session-messages.js' */

/**
 * A session of onnxruntime that keeps to the thread it runs on.
 *
 * @param {SessionModelOf<'onnx'>} model
 * @param {Float32Array} window read by every run
 * @param {SessionSetup['windowShape']} shape
 * @returns {Promise<Session>}
 */
export async function openOnnxSession({ onnx, inputName, outputName }, window, shape) {
  const input = new Tensor('float32', window, [1, ...shape]);
  const session = await InferenceSession.create(onnx, {
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return {
    async run() {
      const outputs = await session.run({ [inputName]: input });
      const output = /** @type {Float32Array} */ (outputs[outputName]?.data);
      return new Float32Array(output);
    },
    close: () => session.release(),
  };
}
