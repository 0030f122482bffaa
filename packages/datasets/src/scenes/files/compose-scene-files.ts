import { GENERATOR_VERSION } from '../split-scene.js';
import { chatSceneFiles } from './chat-scene-files.js';
import { mmeSceneFiles } from './mme-scene-files.js';
import type { SceneFiles } from './scene-files.js';
import {
  type SceneFolderOptions,
  type SceneFolderSettings,
  type SceneLayout,
  sceneFolderSettings,
} from './scene-folder-options.js';

/** Tells in a folder what it was made from, and that it may be made again. */
export const ABOUT_SCENES = 'scenes.json';

const LAYOUTS: Readonly<Record<SceneLayout, (settings: SceneFolderSettings) => SceneFiles>> = {
  mme: mmeSceneFiles,
  chat: chatSceneFiles,
};

/**
 * Generated scenes as the files of a published layout, the same for the same options to the byte:
 *
 * - `mme`: `existence.txt`, `count.txt`, `position.txt` and `color.txt` in the official four columns, parted by tabs (picture,
 *   question, right answer, and in the place of a model's answer the right one again), two lines a picture; the pictures of a
 *   task in a folder of its name; and `tasks.txt`, which says that there are no other tasks.
 * - `chat`: `train.jsonl`, `val.jsonl` and `test.jsonl`, a conversation a line as `{id, image, messages}`, and the pictures in
 *   `images/`.
 *
 * `scenes.json` beside them holds the options.
 * @throws EimError `invalid-argument` naming every option that is wrong
 * @example
 * const { pictures, texts } = composeSceneFiles({ layout: 'mme', splits: { test: 10 } });
 * console.log(texts.get('color.txt'), pictures[0].draw().width);
 */
export function composeSceneFiles(options: SceneFolderOptions): SceneFiles {
  const settings = sceneFolderSettings(options);
  const { pictures, texts } = LAYOUTS[settings.layout](settings);
  const { seed, testCombinations, imageSize, difficulty } = settings.scenes;
  const about = {
    generator: `scenes ${GENERATOR_VERSION}`,
    layout: settings.layout,
    splits: Object.fromEntries(settings.splits),
    ...{ seed, testCombinations, imageSize, noise: difficulty.noise },
  };
  return {
    pictures,
    texts: new Map([...texts, [ABOUT_SCENES, `${JSON.stringify(about, undefined, 2)}\n`]]),
  };
}
