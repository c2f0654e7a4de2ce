import { expect, it } from 'vitest';
import { ABLATIONS, type AblationName, without } from './ablation.js';
import { RECIPES } from './recipes.js';

const NAMES = Object.keys(ABLATIONS) as AblationName[];

it.each(NAMES)(
  'a recipe without %s is another recipe, and leaving it out twice changes nothing more',
  (name) => {
    const once = without(RECIPES.quarter, [name]);
    expect(once).not.toEqual(RECIPES.quarter);
    expect(without(once, [name])).toEqual(once);
  },
);

it('parts are left out independently of their order', () => {
  expect(without(RECIPES.quarter, NAMES)).toEqual(without(RECIPES.quarter, [...NAMES].reverse()));
  expect(without(RECIPES.quarter, [])).toEqual(RECIPES.quarter);
});
