import { describe, expect, it } from 'vitest';
import { argumentsOfFold } from './fold-arguments.js';

describe('the command line of one fold', () => {
  const ONE = { fold: 'fold-2', card: 'runs/x/fold-2/figures.md', maxMinutes: undefined };
  const END = ['--card', ONE.card, '--parallel', '1', '--fold', 'fold-2'];

  it('keeps what belongs to the training and replaces what belongs to all folds', () => {
    const given = [
      'main.js',
      'evaluate',
      'folds',
      'data/a',
      '--card',
      'all.md',
      '--recipe',
      'half',
      '--parallel=2',
    ];
    expect(argumentsOfFold(given, ONE)).toEqual([
      'main.js',
      'evaluate',
      'folds',
      'data/a',
      '--recipe',
      'half',
      ...END,
    ]);
  });

  it('takes all names after --fold away, and no option that follows them', () => {
    const given = ['main.js', '--fold', 'fold-1', 'fold-2', '--without', 'mixup', '--fold', 'fold-3'];
    expect(argumentsOfFold(given, ONE)).toEqual(['main.js', '--without', 'mixup', ...END]);
  });

  it('hands on the time that is left', () => {
    const line = argumentsOfFold(['main.js', '--max-minutes', '60'], { ...ONE, maxMinutes: 12.5 });
    expect(line).toEqual([
      'main.js',
      '--card',
      ONE.card,
      '--parallel',
      '1',
      '--max-minutes',
      '12.5',
      '--fold',
      'fold-2',
    ]);
  });
});
