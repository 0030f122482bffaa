import { drawScene } from '../draw-scene.js';
import { holdOutCombinations } from '../held-out-combinations.js';
import { sceneConversation } from '../questions/scene-conversation.js';
import { splitScene } from '../split-scene.js';
import type { SceneFilePicture, SceneFiles } from './scene-files.js';
import type { SceneFolderSettings } from './scene-folder-options.js';

/** Conversations about scenes, as the data set `questions` reads them: a file a split, and the pictures in `images/`. */
export function chatSceneFiles({ splits, scenes }: SceneFolderSettings): SceneFiles {
  const heldOut = holdOutCombinations(scenes.seed, scenes.difficulty);
  const pictures: SceneFilePicture[] = [];
  const texts = new Map<string, string>();
  for (const [split, count] of splits) {
    const lines: string[] = [];
    for (let index = 0; index < count; index++) {
      const scene = splitScene(split, index, scenes, heldOut);
      const id = `${split}-${index + 1}`;
      pictures.push({
        path: `images/${id}.png`,
        draw: () => drawScene(scene, scenes.imageSize, scenes.difficulty.noise),
      });
      const messages = sceneConversation(scene, scenes.difficulty).flatMap(({ prompt, answer }) => [
        { role: 'user', content: prompt },
        { role: 'assistant', content: answer },
      ]);
      lines.push(`${JSON.stringify({ id, image: `${id}.png`, messages })}\n`);
    }
    texts.set(`${split}.jsonl`, lines.join(''));
  }
  return { pictures, texts };
}
