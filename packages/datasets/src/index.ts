export {
  type CaptionDatasetOptions,
  captionDatasetOptionsSchema,
} from './captions/caption-dataset-options.js';
export { parseCaptions } from './captions/parse-captions.js';
export { type CarveOptions, carveSplit } from './carve-split.js';
export { type CheckOptions, checkDataset, type DatasetReport, type SplitReport } from './check-dataset.js';
export { createDataset, limitRows } from './create-dataset.js';
export { default } from './plugin.js';
export { type ParseQuestionsOptions, parseQuestions } from './questions/parse-questions.js';
export {
  type AlpacaTemplate,
  type QuestionFormat,
  type QuestionOptions,
  questionOptionsSchema,
} from './questions/question-options.js';
export { alpacaPrompt } from './questions/read-alpaca-item.js';
export type { RowRecord, RowTable } from './records/row-record.js';
export { drawScene } from './scenes/draw-scene.js';
export type { Scene, SceneObject } from './scenes/scene.js';
export { createSceneDataset } from './scenes/scene-dataset.js';
export { type HumanCandidate, sceneHumanBaseline } from './scenes/scene-human-baseline.js';
export {
  type SceneDifficulty,
  type SceneOptions,
  type SceneSettings,
  sceneOptionsSchema,
} from './scenes/scene-options.js';
