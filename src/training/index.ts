export { ABLATIONS, type AblationName, without } from './ablation.js';
export { type AugmentationOptions, DEFAULT_AUGMENTATION } from './augment/recipe.js';
export {
  type CrossValidateOptions,
  type CrossValidateSummary,
  type CrossValidation,
  crossValidate,
  foldsToTrain,
} from './commands/cross-validate.js';
export {
  type EvaluateOptions,
  type EvaluateSummary,
  evaluateModel,
  takeFigures,
} from './commands/evaluate.js';
export { readFoldCalibration } from './commands/fold-figures.js';
export {
  type OptimizeOptions,
  type OptimizeSummary,
  optimizeBundle,
  PRUNED_EPOCHS,
} from './commands/optimize.js';
export { showProgress, showTraining } from './commands/progress.js';
export { type ReportOptions, writeReport } from './commands/report.js';
export { type TrainOptions, type TrainSummary, trainBundle } from './commands/train.js';
export {
  CORPORA,
  type CorpusName,
  type CorpusSource,
  checkCorpus,
  type Finding,
  type FindingKind,
  isError,
  type OwnLayout,
} from './corpora/index.js';
export type { Evaluation } from './evaluate/evaluation.js';
export { describeResult } from './evaluate/text-report.js';
export { EXPORT_FORMATS, type ExportFormat, type ExportOptions, exportModel } from './export/export-model.js';
export type { PriorModels } from './fit/prior-models.js';
export type { RunListener } from './fit/run.js';
export type { EpochLog } from './fit/run-log.js';
export { DEFAULT_TRAINING, type TrainingSettings } from './fit/settings.js';
export { type CheckResult, DEFAULT_TOLERANCES } from './import/check-model.js';
export { type ImportOptions, type ImportSummary, importModel } from './import/import-model.js';
export { type Optimization, renderOptimization } from './optimize/report.js';
export type { PruneTarget } from './optimize/shrink.js';
export { type PrepareOptions, type PrepareSummary, prepareCorpus } from './prepare/prepare.js';
export { PROTOCOLS, type ProtocolName, protocolOf } from './protocols.js';
export { ofWidth, RECIPES, type RecipeName, type TrainingRecipe } from './recipes.js';
