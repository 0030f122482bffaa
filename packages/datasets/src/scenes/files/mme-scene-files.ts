import { drawScene } from '../draw-scene.js';
import { holdOutCombinations } from '../held-out-combinations.js';
import { YES_OR_NO } from '../questions/scene-conversation.js';
import { SCENE_TASKS } from '../questions/scene-task.js';
import { yesNoPairOf } from '../questions/yes-no-pairs.js';
import { splitScene } from '../split-scene.js';
import type { SceneFilePicture, SceneFiles } from './scene-files.js';
import type { SceneFolderSettings } from './scene-folder-options.js';

/** Scenes in MME's form: every task has pictures of its own, and two questions about each. */
export function mmeSceneFiles({ splits, scenes }: SceneFolderSettings): SceneFiles {
  const [split, count] = splits[0]!;
  const heldOut = holdOutCombinations(scenes.seed, scenes.difficulty);
  const pictures: SceneFilePicture[] = [];
  const texts = new Map<string, string>();
  for (const [place, task] of SCENE_TASKS.entries()) {
    const lines: string[] = [];
    for (let index = 0; index < count; index++) {
      const scene = splitScene(split, index * SCENE_TASKS.length + place, scenes, heldOut);
      const name = `${String(index + 1).padStart(4, '0')}.png`;
      pictures.push({
        path: `${task}/${name}`,
        draw: () => drawScene(scene, scenes.imageSize, scenes.difficulty.noise),
      });
      for (const { question, answer } of yesNoPairOf(task, scene, scenes.difficulty)) {
        lines.push(`${[name, `${question} ${YES_OR_NO}`, answer, answer].join('\t')}\n`);
      }
    }
    texts.set(`${task}.txt`, lines.join(''));
  }
  texts.set('tasks.txt', `${SCENE_TASKS.join('\n')}\n`);
  return { pictures, texts };
}
