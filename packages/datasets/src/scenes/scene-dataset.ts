import type { Dataset, Row } from '@eim/contracts';
import { createDataset } from '../create-dataset.js';
import { captionScene } from './caption-scene.js';
import { composeScene } from './compose-scene.js';
import { drawScene } from './draw-scene.js';
import type { HeldOutCombinations } from './held-out-combinations.js';
import { heldOutIn, holdOutCombinations } from './held-out-combinations.js';
import type { Scene } from './scene.js';
import type { SceneOptions, SceneSettings } from './scene-options.js';
import { sceneSettings } from './scene-options.js';

/** Raised whenever a change of the code makes the same seed give other pictures or captions, so that caches do not mix them. */
const GENERATOR_VERSION = 1;

const SPLITS = ['train', 'val', 'test'] as const;
type SceneSplit = (typeof SPLITS)[number];

/**
 * Small pictures of shapes with five captions each, drawn from a seed. Every test scene holds a colour and
 * shape, or two shapes in a relation, that no training or validation scene holds, unless `testCombinations` is `seen`. Pictures are drawn when
 * they are loaded; a scene does not depend on how many others are asked for.
 * @throws EimError `invalid-argument` naming every option that is wrong
 * @example
 * const scenes = createSceneDataset({ seed: 1, train: 100, val: 10, test: 20 });
 */
export function createSceneDataset(options: SceneOptions = {}): Dataset {
  const settings = sceneSettings(options);
  const heldOut = holdOutCombinations(settings.seed, settings.difficulty);
  const splits = SPLITS.filter((split) => settings[split] > 0).map((split) => {
    const rows = Array.from({ length: settings[split] }, (_, index) =>
      sceneRow(sceneOf(split, index, settings, heldOut), `${split}-${index + 1}`, settings),
    );
    return [split, rows] as const;
  });
  return createDataset('scenes', new Map(splits), [
    `generated scenes, version ${GENERATOR_VERSION}, seed ${settings.seed}`,
    `${settings.testCombinations === 'unseen' ? 'only test scenes hold' : 'no scene holds'}: ${[...heldOut.attributes, ...heldOut.relations].join(', ')}`,
  ]);
}

/** Draws scenes until one fits its split; the number of objects is kept, so that splits do not differ in it. */
function sceneOf(
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

function sceneRow(
  scene: Scene,
  id: string,
  { imageSize, difficulty: { noise, colours, shapes, objects } }: SceneSettings,
): Row {
  return {
    id,
    picture: {
      fingerprint: `${scene.name} ${imageSize} ${noise} ${colours} ${shapes} ${objects}`,
      source: `generated scene ${id}`,
      load: async () => drawScene(scene, imageSize, noise),
    },
    prompt: '',
    answers: captionScene(scene),
  };
}
