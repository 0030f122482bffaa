import type { Turn } from '@eim/contracts';
import { type SeededDraws, seededDraws } from '../../seeded-draws.js';
import { captionScene } from '../caption-scene.js';
import type { Scene } from '../scene.js';
import { SHAPES } from '../scene-words.js';
import { countWords, isOrAre, plural } from './count-words.js';
import { nameObject } from './name-object.js';
import { SCENE_TASKS } from './scene-task.js';
import { drawSpatialFact, placeWords } from './spatial-words.js';
import { type SceneVocabulary, yesNoPairOf } from './yes-no-pairs.js';

/** What MME puts behind every question. */
export const YES_OR_NO = 'Please answer yes or no.';

/** Exchanges of each conversation. */
const EXCHANGES = 5;

type Ask = (scene: Scene, draws: SeededDraws, vocabulary: SceneVocabulary) => Turn | undefined;

/**
 * A conversation about a scene: what there is, how many, in which colour, where, and questions for yes or no, of which half
 * ask for the bare word. Any of them may come first; no two of one kind but those for yes or no.
 */
export function sceneConversation(scene: Scene, vocabulary: SceneVocabulary): readonly Turn[] {
  const draws = seededDraws(`${scene.name} conversation`);
  const turns = draws.shuffle(ASKS).flatMap((ask) => ask(scene, draws, vocabulary) ?? []);
  const prompts = new Set<string>();
  const distinct = turns.filter(({ prompt }) => !prompts.has(prompt) && prompts.add(prompt));
  return distinct.slice(0, EXCHANGES);
}

const describe: Ask = (scene, draws) => ({
  prompt: draws.pick([
    'Describe the picture.',
    'What is in this picture?',
    'What do you see?',
    'Describe this image in one sentence.',
  ]),
  answer: draws.pick(captionScene(scene)),
});

const count: Ask = ({ objects }, draws) => {
  const noun = draws.chance(0.5) ? 'shape' : draws.pick([draws.pick(objects).shape, draws.pick(SHAPES)]);
  const number = noun === 'shape' ? objects.length : objects.filter(({ shape }) => shape === noun).length;
  return {
    prompt: `How many ${plural(noun)} are there?`,
    answer: `There ${isOrAre(number)} ${countWords(number, noun)}.`,
  };
};

/** Of a shape that only one object has. */
const colour: Ask = ({ objects }, draws) => {
  const single = objects.filter(({ shape }) => objects.filter((one) => one.shape === shape).length === 1);
  if (single.length === 0) return undefined;
  const object = draws.pick(single);
  return {
    prompt: `What ${draws.pick(['color', 'colour'])} is the ${object.shape}?`,
    answer: `The ${object.shape} is ${object.colour}.`,
  };
};

const background: Ask = (scene, draws) => ({
  prompt: `What ${draws.pick(['color', 'colour'])} is the background?`,
  answer: `The background is ${scene.background}.`,
});

const place: Ask = (scene, draws) => {
  if (scene.place) {
    const prompt = `Where is the ${nameObject(scene.objects[0]!)}?`;
    return { prompt, answer: `It is ${placeWords(scene.place)}.` };
  }
  const { object, words, other } = drawSpatialFact(scene, draws);
  return {
    prompt: `Where is the ${nameObject(object)}?`,
    answer: `It is ${words} the ${nameObject(other)}.`,
  };
};

const yesOrNo: Ask = (scene, draws, vocabulary) => {
  const { question, answer, sentence } = draws.pick(yesNoPairOf(draws.pick(SCENE_TASKS), scene, vocabulary));
  return draws.chance(0.5)
    ? { prompt: `${question} ${YES_OR_NO}`, answer }
    : { prompt: question, answer: sentence };
};

const ASKS: readonly Ask[] = [describe, count, colour, background, place, yesOrNo, yesOrNo, yesOrNo];
