import type { Evaluation } from '../evaluation.js';
import { limitsOf } from './limits.js';
import { type CardedBundle, dataSection, modelSection } from './model-section.js';
import { noiseSection } from './noise-section.js';
import { conditionSection, headlineSection, resultSection, surenessSection } from './result-sections.js';

/** What stands beside a card. */
export interface CardParts {
  /** File of the first confusion matrix, or `null`. */
  readonly picture: string | null;
  /** What optimising the bundle changed, in Markdown with a heading of its own; `null` where it was not optimised. */
  readonly optimization: string | null;
}

/** The model card in Markdown. Every number comes from the bundle or from the evaluation. */
export function renderCard(bundle: CardedBundle, evaluation: Evaluation, parts: CardParts): string {
  return [
    `# ${bundle.name}`,
    '',
    `Model \`${bundle.modelId}\`. Written by \`undertone evaluate\`; not edited by hand.`,
    '',
    ...headlineSection(evaluation),
    ...modelSection(bundle),
    ...dataSection(bundle, evaluation),
    ...figureSections(evaluation, parts.picture),
    ...(parts.optimization === null ? [] : [parts.optimization.trim(), '']),
    '## Limits',
    '',
    ...limitsOf(bundle, evaluation).map(({ title, text }) => `- **${title}** ${text}`),
    '',
  ].join('\n');
}

/** The figures of a protocol whose folds have models of their own, none of which is kept, in Markdown. */
export function renderFolds(title: string, evaluation: Evaluation): string {
  return [
    `# ${title}`,
    '',
    `Protocol \`${evaluation.protocol}\`: ${evaluation.description} ${evaluation.foldCount} models, one a fold. Written by \`undertone evaluate\`; not edited by hand.`,
    '',
    ...headlineSection(evaluation),
    ...figureSections(evaluation, null),
  ].join('\n');
}

function figureSections(evaluation: Evaluation, picture: string | null): string[] {
  return [
    ...conditionSection(evaluation.conditions),
    ...noiseSection(evaluation),
    ...surenessSection(evaluation),
    ...resultSection(evaluation, picture),
  ];
}
