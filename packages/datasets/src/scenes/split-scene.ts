import { composeScene } from './compose-scene.js';
import type { HeldOutCombinations } from './held-out-combinations.js';
import { heldOutIn } from './held-out-combinations.js';
import type { Scene } from './scene.js';
import type { SceneSettings } from './scene-options.js';

/** Raised whenever a change of the code makes the same seed give other pictures or captions, so that caches do not mix them. */
export const GENERATOR_VERSION = 1;

export const SCENE_SPLITS = ['train', 'val', 'test'] as const;
export type SceneSplit = (typeof SCENE_SPLITS)[number];

/** The scene at a place of a split. Draws scenes until one fits its split; the number of objects is kept, so that splits do not differ in it. */
export function splitScene(
  split: SceneSplit,
  index: number,
  { seed, difficulty, testCombinations }: SceneSettings,
  heldOut: HeldOutCombinations,
): Scene {
  const wanted = split === 'test' && testCombinations === 'unseen';
  let objects = difficulty.objects;
  for (let attempt = 0; ; attempt++) {
    const name = `scenes ${GENERATOR_VERSION} ${seed} ${split} ${index} ${attempt}`;
    const scene = composeScene(name, { ...difficulty, objects });
    if (heldOutIn(scene, heldOut).length > 0 === wanted) return scene;
    objects = [scene.objects.length, scene.objects.length];
  }
}
