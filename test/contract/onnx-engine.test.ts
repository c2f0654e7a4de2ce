import { describe } from 'vitest';
import { engineContract } from './engines.contract.js';

describe('the onnx engine', () => {
  engineContract('onnx', (model) =>
    model.engine === 'onnx' ? { ...model, onnx: new Uint8Array([1, 2, 3]) } : model,
  );
});
