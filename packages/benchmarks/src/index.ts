export { decodeText } from '@eim/contracts/json';
export { type BleuResult, bleu } from './coco-caption/bleu.js';
export type { CaptionsById } from './coco-caption/caption-files.js';
export { CaptionSet } from './coco-caption/caption-set.js';
export { cider } from './coco-caption/cider.js';
export { ciderReward } from './coco-caption/cider-reward.js';
export {
  type ClipEmbeddings,
  type ClipScoreResult,
  clipScore,
  clipScores,
  refClipScore,
} from './coco-caption/clip-score.js';
export { type CocoCaptionItem, cocoCaptionBenchmark } from './coco-caption/coco-caption-benchmark.js';
export { type PairedPicture, pairCaptions } from './coco-caption/pair-captions.js';
export type { PictureScores, TokenisedPicture } from './coco-caption/picture-scores.js';
export { readCandidates } from './coco-caption/read-candidates.js';
export { type PictureName, readPictureNames } from './coco-caption/read-picture-names.js';
export { readReferences } from './coco-caption/read-references.js';
export type { SpiceResult } from './coco-caption/read-spice-output.js';
export { rougeL } from './coco-caption/rouge-l.js';
export {
  type CaptionScoreReport,
  type CaptionScores,
  scoreCaptionSet,
  scoreCaptions,
  tokenisePictures,
} from './coco-caption/score-captions.js';
export {
  type CocoCaptionPicture,
  type CocoCaptionRequest,
  type CocoCaptionResult,
  type CocoCaptions,
  cocoPictures,
  readCocoCaption,
  scoreCocoCaption,
  scoreCocoCaptions,
} from './coco-caption/score-coco-caption.js';
export { tokeniseCaptions } from './coco-caption/tokenise-captions.js';
export type { FolderSettings } from './datasets/folder-settings.js';
export type { NamedJson } from './files/json-fields.js';
export { parseJsonFile } from './files/parse-json-file.js';
export { type MmeItem, mmeBenchmark } from './mme/mme-benchmark.js';
export { mmeDataset } from './mme/mme-dataset.js';
export type { MmeAnswer, MmeQuestion } from './mme/read-task.js';
export { MME_PUBLISHED_LINES, MME_REFERENCE_LINES, type MmeReferenceLine } from './mme/reference-lines.js';
export { type MmeRequest, type MmeResult, scoreMme } from './mme/score-mme.js';
export {
  type MmeResponse,
  type MmeScores,
  type MmeTaskScore,
  parseYesNo,
  scoreTasks,
  type YesNo,
} from './mme/score-tasks.js';
export { MME_TASKS, type MmeTask } from './mme/tasks.js';
export { plugin as default } from './plugin.js';
export { COLUMNS as SCIENCE_QA_COLUMNS, type ScienceQaColumn } from './science-qa/columns.js';
export { parseAnswer } from './science-qa/parse-answer.js';
export {
  answerQuestion,
  PROMPT_TEMPLATES,
  type PromptOptions,
  type PromptTemplate,
  promptQuestion,
} from './science-qa/prompts.js';
export { PUBLISHED_ROWS, type PublishedRow, TEST_QUESTIONS } from './science-qa/published-rows.js';
export { type RawAnswer, readPredictions, type ScienceQaPredictions } from './science-qa/read-predictions.js';
export { readProblems, type ScienceQaData, selectProblemFiles } from './science-qa/read-problems.js';
export { scienceQaBenchmark } from './science-qa/science-qa-benchmark.js';
export { scienceQaDataset } from './science-qa/science-qa-dataset.js';
export type { ScienceQaProblem } from './science-qa/science-qa-problem.js';
export type { ScienceQaSettings } from './science-qa/science-qa-questions.js';
export {
  type ScienceQaRequest,
  type ScienceQaResult,
  scoreScienceQa,
} from './science-qa/score-science-qa.js';
export type { UnparsedRule } from './science-qa/unparsed-rule.js';
export { humanAgreement } from './statistics/human-agreement.js';
export { type McNemarResult, mcNemar } from './statistics/mcnemar.js';
export { type ModalCaption, modalCaption } from './statistics/modal-caption.js';
export {
  type PairedBootstrapRequest,
  type PairedBootstrapResult,
  pairedBootstrap,
} from './statistics/paired-bootstrap.js';
export { sampleMean, sampleStandardDeviation } from './statistics/sample-mean.js';
export {
  type SeededBootstrapRequest,
  type SeededBootstrapResult,
  seededBootstrap,
} from './statistics/seeded-bootstrap.js';
