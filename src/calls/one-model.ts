import type { CallModels, CallParts } from './ports.js';

/** The same parts for every call. */
export function oneModel(parts: CallParts): CallModels {
  return {
    current: parts,
    toGoOnWith: ({ frontEnd }) => (frontEnd === parts.frontEnd ? parts : null),
  };
}
