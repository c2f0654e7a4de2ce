import { expect, it } from 'vitest';
import { ABLATIONS, type AblationName, without } from './ablation.js';
import { RECIPES } from './recipes.js';

/** One that has every part. */
const WHOLE = { ...RECIPES.quarter, deltaWidth: 9 };
const NAMES = Object.keys(ABLATIONS) as AblationName[];

it.each(NAMES)(
  'a recipe without %s is another recipe, and leaving it out twice changes nothing more',
  (name) => {
    const once = without(WHOLE, [name]);
    expect(once).not.toEqual(WHOLE);
    expect(without(once, [name])).toEqual(once);
  },
);

it('parts are left out independently of their order', () => {
  expect(without(WHOLE, NAMES)).toEqual(without(WHOLE, [...NAMES].reverse()));
  expect(without(WHOLE, [])).toEqual(WHOLE);
});
