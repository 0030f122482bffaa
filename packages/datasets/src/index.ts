export type { CaptionDatasetOptions } from './captions/caption-dataset-options.js';
export { parseCaptions } from './captions/parse-captions.js';
export { type CarveOptions, carveSplit } from './carve-split.js';
export { type CheckOptions, checkDataset, type DatasetReport, type SplitReport } from './check-dataset.js';
export { createDataset } from './create-dataset.js';
export { default } from './plugin.js';
export { type ParseQuestionsOptions, parseQuestions } from './questions/parse-questions.js';
export type { AlpacaTemplate, QuestionFormat, QuestionOptions } from './questions/question-options.js';
export type { RowRecord, RowTable } from './records/row-record.js';
export { ABOUT_SCENES, composeSceneFiles } from './scenes/files/compose-scene-files.js';
export type { SceneFilePicture, SceneFiles } from './scenes/files/scene-files.js';
export {
  SCENE_LAYOUTS,
  type SceneFolderOptions,
  type SceneLayout,
} from './scenes/files/scene-folder-options.js';
export { createSceneDataset } from './scenes/scene-dataset.js';
export { type HumanCandidate, sceneHumanBaseline } from './scenes/scene-human-baseline.js';
export type { SceneDifficulty, SceneOptions, SceneSettings } from './scenes/scene-options.js';
export { SCENE_SPLITS, type SceneSplit } from './scenes/split-scene.js';
