export { captionDataset } from './caption-dataset.js';
export { assignSplits, type SplitAssignment } from './captions/assign-splits.js';
export type { CaptionRecord, CaptionTable } from './captions/caption-record.js';
export { parseCaptions } from './captions/parse-captions.js';
export { parseCocoCaptions } from './captions/parse-coco-captions.js';
export { parseCsvCaptions } from './captions/parse-csv-captions.js';
export { parseJsonlCaptions } from './captions/parse-jsonl-captions.js';
export { parseKarpathyCaptions } from './captions/parse-karpathy-captions.js';
export { type CarveOptions, carveSplit } from './carve-split.js';
export {
  type CheckOptions,
  checkCaptionDataset,
  type DatasetReport,
  type SplitReport,
} from './check-caption-dataset.js';
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
