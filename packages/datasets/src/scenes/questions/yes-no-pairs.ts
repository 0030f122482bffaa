import { type SeededDraws, seededDraws } from '../../seeded-draws.js';
import { article } from '../article.js';
import { PLACES, type Scene } from '../scene.js';
import { COLOURS, SHAPES } from '../scene-words.js';
import { countWords, isOrAre } from './count-words.js';
import { nameObject } from './name-object.js';
import { type SceneTask, type YesNoPair, yesNoPair } from './scene-task.js';
import { drawSpatialFact, placeWords } from './spatial-words.js';

/** Which words the questions about absent things take, before any other: those that the scenes are made of. */
export interface SceneVocabulary {
  readonly colours: number;
  readonly shapes: number;
}

/**
 * A question of a task for yes and one for no about a scene, in the words of MME's own (Fu et al. 2023). What the second
 * asks for is never in the scene.
 * @example
 * yesNoPairOf('existence', scene, difficulty);
 * // [{ question: 'Is there a circle in this image?', answer: 'Yes', ... }, { question: 'Is there a star in this image?', ... }]
 */
export function yesNoPairOf(task: SceneTask, scene: Scene, vocabulary: SceneVocabulary): YesNoPair {
  return PAIRS[task](scene, seededDraws(`${scene.name} ${task}`), vocabulary);
}

const PAIRS: Readonly<
  Record<SceneTask, (scene: Scene, draws: SeededDraws, vocabulary: SceneVocabulary) => YesNoPair>
> = {
  existence({ objects }, draws, { shapes }) {
    const present = objects.map(({ shape }) => shape);
    const there = draws.pick(present);
    const missing = pickMissing(SHAPES, shapes, present, draws);
    return yesNoPair(
      [`Is there ${article(there)} in this image?`, `there is ${article(there)}`],
      [`Is there ${article(missing)} in this image?`, `there is no ${missing}`],
    );
  },
  count({ objects }, draws) {
    const shape = draws.pick(objects).shape;
    const [noun, count] = draws.chance(0.5)
      ? ['shape', objects.length]
      : [shape, objects.filter((object) => object.shape === shape).length];
    const wrong = draws.pick([1, 2, 3].filter((number) => number !== count));
    const ask = (number: number) =>
      `${number === 1 ? 'Is' : 'Are'} there a total of ${countWords(number, noun)} in this image?`;
    const truth = `there ${isOrAre(count)} ${countWords(count, noun)}`;
    return yesNoPair([ask(count), truth], [ask(wrong), truth]);
  },
  position(scene, draws) {
    const { objects, place } = scene;
    if (place) {
      const name = nameObject(objects[0]!);
      const wrong = draws.pick(PLACES.filter((other) => other !== place));
      const truth = `the ${name} is ${placeWords(place)}`;
      return yesNoPair(
        [`Is the ${name} ${placeWords(place)} of this image?`, truth],
        [`Is the ${name} ${placeWords(wrong)} of this image?`, truth],
      );
    }
    const { object, words, opposite, other } = drawSpatialFact(scene, draws);
    const [name, beside] = [nameObject(object), nameObject(other)];
    const truth = `the ${name} is ${words} the ${beside}`;
    return yesNoPair(
      [`Is the ${name} ${words} the ${beside}?`, truth],
      [`Is the ${name} ${opposite} the ${beside}?`, truth],
    );
  },
  color({ objects }, draws, { colours }) {
    const { shape, colour } = draws.pick(objects);
    const present = objects.flatMap((object) => (object.shape === shape ? [object.colour] : []));
    const wrong = `${pickMissing(COLOURS, colours, present, draws)} ${shape}`;
    const right = `${colour} ${shape}`;
    return yesNoPair(
      [`Is there ${article(right)} in this image?`, `there is ${article(right)}`],
      [`Is there ${article(wrong)} in this image?`, `there is no ${wrong}`],
    );
  },
};

/** A word that is not in the scene, of those in use if one of them is not. */
function pickMissing<Word>(
  words: readonly Word[],
  inUse: number,
  present: readonly Word[],
  draws: SeededDraws,
): Word {
  const missing = words.filter((word) => !present.includes(word));
  const usual = missing.filter((word) => words.indexOf(word) < inUse);
  return draws.pick(usual.length > 0 ? usual : missing);
}
