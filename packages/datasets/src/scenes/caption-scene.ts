import type { SeededDraws } from '../seeded-draws.js';
import { seededDraws } from '../seeded-draws.js';
import { article } from './article.js';
import type { Scene, SceneObject } from './scene.js';
import { SHAPE_NAMES, SIZE_NAMES } from './scene-words.js';

/** How many people describe each scene. */
export const CAPTIONS_PER_SCENE = 5;

/** Five sentences about a scene, as five people might put it; all true, seldom all the same. */
export function captionScene(scene: Scene): string[] {
  const draws = seededDraws(`${scene.name} captions`);
  return Array.from({ length: CAPTIONS_PER_SCENE }, () => {
    const sentence = describe(scene, draws);
    const background = draws.chance(0.3) ? ` on a ${scene.background} background` : '';
    return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}${background}.`;
  });
}

function describe(scene: Scene, draws: SeededDraws): string {
  const [first, second, third] = scene.objects;
  if (third) return describeThree(scene, draws);
  if (second) return describeTwo(scene, draws);
  return describeOne(scene, first!, draws);
}

function describeOne(scene: Scene, object: SceneObject, draws: SeededDraws): string {
  const where = draws.pick(
    scene.place === 'middle'
      ? ['in the middle', 'in the center']
      : [`in the ${scene.place}`, `in the ${scene.place} corner`],
  );
  const noun = nameOf(object, draws);
  return draws.pick([
    `${article(noun)} ${where}`,
    `${article(noun)} ${where}`,
    `there is ${article(noun)} ${where}`,
    `a picture of ${article(noun)} ${where}`,
    `one ${noun} ${where}`,
  ]);
}

function describeTwo({ objects, relation }: Scene, draws: SeededDraws): string {
  const [first, second] = objects.map((object) => nameOf(object, draws)) as [string, string];
  const there = draws.chance(0.25) ? 'there is ' : '';
  if (relation === 'inside') {
    return draws.pick([
      `${there}${article(first)} inside ${article(second)}`,
      `${there}${article(first)} inside ${article(second)}`,
      `${article(first)} in the middle of ${article(second)}`,
      `${article(second)} with ${article(first)} inside`,
    ]);
  }
  const [forwards, backwards] =
    relation === 'left'
      ? [draws.pick(['to the left of', 'left of']), draws.pick(['to the right of', 'right of'])]
      : [draws.pick(['above', 'over']), draws.pick(['below', 'under'])];
  return draws.pick([
    `${there}${article(first)} ${forwards} ${article(second)}`,
    `${there}${article(first)} ${forwards} ${article(second)}`,
    `${there}${article(second)} ${backwards} ${article(first)}`,
    `the ${first} is ${forwards} the ${second}`,
    `${article(first)} and ${article(second)} ${relation === 'left' ? 'side by side' : 'below it'}`,
  ]);
}

function describeThree({ objects, relation }: Scene, draws: SeededDraws): string {
  const [first, second, third] = objects.map((object) => article(nameOf(object, draws))) as [
    string,
    string,
    string,
  ];
  const list = `${first}, ${second} and ${third}`;
  if (relation === 'left') {
    return draws.pick([
      `${list} in a row`,
      `${list} in a row`,
      `${list} from left to right`,
      `${second} between ${first} and ${third}`,
      `three shapes in a row, ${list}`,
    ]);
  }
  return draws.pick([
    `${list} in a column`,
    `${list} from top to bottom`,
    `${list} on top of each other`,
    `${first} above ${second} above ${third}`,
    `three shapes in a column, ${list}`,
  ]);
}

/** Most people say the colour and the usual word; some add the size, and few use another word. */
function nameOf({ shape, colour, size }: SceneObject, draws: SeededDraws): string {
  const words: string[] = [colour, usually(SHAPE_NAMES[shape], draws)];
  if (size && draws.chance(0.6)) words.unshift(usually(SIZE_NAMES[size], draws));
  return words.join(' ');
}

function usually(words: readonly string[], draws: SeededDraws): string {
  return draws.chance(0.8) ? words[0]! : draws.pick(words);
}
