import type { Dataset, Row } from '@eim/contracts';
import { createDataset } from '../create-dataset.js';
import { captionScene } from './caption-scene.js';
import { drawScene } from './draw-scene.js';
import { holdOutCombinations } from './held-out-combinations.js';
import type { Scene } from './scene.js';
import type { SceneOptions, SceneSettings } from './scene-options.js';
import { sceneSettings } from './scene-options.js';
import { GENERATOR_VERSION, SCENE_SPLITS, splitScene } from './split-scene.js';

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
  const splits = SCENE_SPLITS.filter((split) => settings[split] > 0).map((split) => {
    const rows = Array.from({ length: settings[split] }, (_, index) =>
      sceneRow(splitScene(split, index, settings, heldOut), `${split}-${index + 1}`, settings),
    );
    return [split, rows] as const;
  });
  return createDataset('scenes', new Map(splits), [
    `generated scenes, version ${GENERATOR_VERSION}, seed ${settings.seed}`,
    `${settings.testCombinations === 'unseen' ? 'only test scenes hold' : 'no scene holds'}: ${[...heldOut.attributes, ...heldOut.relations].join(', ')}`,
  ]);
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
