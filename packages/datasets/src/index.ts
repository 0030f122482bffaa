export { captionDataset } from './caption-dataset.js';
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
