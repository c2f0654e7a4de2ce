import { describeWith } from '../support/requirements.js';
import { engineContract } from './engines.contract.js';

describeWith(['tfjs'], 'the tfjs engine', () => {
  engineContract('tfjs', (model) =>
    model.engine === 'tfjs' ? { ...model, package: 'no-such-package' } : model,
  );
});
