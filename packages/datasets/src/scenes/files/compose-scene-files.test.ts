import { expect, test } from 'vitest';
import { parseQuestions } from '../../questions/parse-questions.js';
import { holdOutCombinations } from '../held-out-combinations.js';
import { yesNoPairOf } from '../questions/yes-no-pairs.js';
import type { Scene } from '../scene.js';
import { sceneSettings } from '../scene-options.js';
import { COLOURS, SHAPES } from '../scene-words.js';
import { splitScene } from '../split-scene.js';
import { composeSceneFiles } from './compose-scene-files.js';
import type { SceneFolderOptions } from './scene-folder-options.js';

const TASKS = ['existence', 'count', 'position', 'color'];
const COUNT = 60;

/** Scenes as the layout draws them, from the generator itself. */
function scenesOf(options: SceneFolderOptions): (index: number) => Scene {
  const settings = sceneSettings({
    seed: options.seed ?? 1,
    testCombinations: options.testCombinations ?? 'unseen',
    difficulty: { noise: options.noise ?? 0 },
  });
  const heldOut = holdOutCombinations(settings.seed, settings.difficulty);
  return (index) => splitScene('test', index, settings, heldOut);
}

/** Whether a question's claim is true, worked out anew from what lies where. */
function isTrue(question: string, { objects }: Scene): boolean {
  const named = (words: string) => objects.find(({ colour, shape }) => words === `${colour} ${shape}`)!;
  const total = question.match(/total of (one|two|three) (\w+) in/);
  if (total) {
    const noun = ['shape', ...SHAPES].find((one) => total[2]!.startsWith(one));
    const among = noun === 'shape' ? objects : objects.filter(({ shape }) => shape === noun);
    return among.length === ['', 'one', 'two', 'three'].indexOf(total[1]!);
  }
  const there = question.match(/^Is there an? (?:(\w+) )?(\w+) in this image\?/);
  if (there) {
    const [, colour, shape] = there;
    return objects.some((one) => one.shape === shape && (!colour || one.colour === colour));
  }
  const place = question.match(/^Is the (\w+ \w+) in the (middle|(top|bottom) (left|right)) of this image\?/);
  if (place) {
    const [x, y] = [named(place[1]!).x, named(place[1]!).y];
    const side = (at: number, names: readonly [string, string]) =>
      at < 0.4 ? names[0] : at > 0.6 ? names[1] : '';
    const found = [side(y, ['top', 'bottom']), side(x, ['left', 'right'])].join(' ').trim();
    return (found === '' ? 'middle' : found) === place[2];
  }
  const [, first, words, second] = question.match(/^Is the (\w+ \w+) (.+) the (\w+ \w+)\?/)!;
  const [a, b] = [named(first!), named(second!)];
  const apart = Math.hypot(a.x - b.x, a.y - b.y);
  const within = (inner: typeof a, outer: typeof a) => apart < outer.radius && inner.radius < outer.radius;
  switch (words) {
    case 'to the left of':
      return a.x < b.x;
    case 'to the right of':
      return a.x > b.x;
    case 'above':
      return a.y < b.y;
    case 'below':
      return a.y > b.y;
    case 'inside':
      return within(a, b);
    case 'around':
      return within(b, a);
    default:
      throw new Error(`unknown: ${question}`);
  }
}

test('an MME folder: four columns, two questions a picture, the first true and the second false of it', () => {
  const options: SceneFolderOptions = { layout: 'mme', splits: { test: COUNT }, seed: 5 };
  const { pictures, texts } = composeSceneFiles(options);
  expect([...texts.keys()]).toEqual([...TASKS.map((task) => `${task}.txt`), 'tasks.txt', 'scenes.json']);
  expect(pictures.map(({ path }) => path).slice(0, 2)).toEqual(['existence/0001.png', 'existence/0002.png']);
  expect(pictures).toHaveLength(TASKS.length * COUNT);
  const sceneAt = scenesOf(options);
  const kinds = new Set<string>();
  for (const [place, task] of TASKS.entries()) {
    const lines = texts.get(`${task}.txt`)!.trim().split('\n');
    expect(lines).toHaveLength(2 * COUNT);
    for (const [line, text] of lines.entries()) {
      const [picture, question, right, said, ...more] = text.split('\t');
      const index = line >> 1;
      expect([picture, right, said, more]).toEqual([
        `${String(index + 1).padStart(4, '0')}.png`,
        line % 2 === 0 ? 'Yes' : 'No',
        line % 2 === 0 ? 'Yes' : 'No',
        [],
      ]);
      expect(question).toMatch(/\? Please answer yes or no\.$/);
      const scene = sceneAt(index * TASKS.length + place);
      expect([question, isTrue(question!, scene)]).toEqual([question, right === 'Yes']);
      kinds.add(`${task} ${scene.relation ?? 'alone'}`);
    }
  }
  expect(kinds.size).toBe(4 * TASKS.length);
});

test('conversations: what `questions` reads, every kind of question, yes and no about equally often', () => {
  const { pictures, texts } = composeSceneFiles({ layout: 'chat', splits: { train: 200, val: 20 } });
  expect([...texts.keys()]).toEqual(['train.jsonl', 'val.jsonl', 'scenes.json']);
  expect(pictures[200]!.path).toBe('images/val-1.png');
  const { records, notes } = parseQuestions(texts.get('train.jsonl')!, 'train.jsonl');
  expect([records.length, notes]).toEqual([200, []]);
  expect(records[0]).toMatchObject({ id: 'train-1', picture: 'train-1.png' });
  const turns = records.flatMap(({ prompt, answers, earlier = [] }) => [
    ...earlier,
    { prompt, answer: answers[0]! },
  ]);
  const share = (of: RegExp) => turns.filter(({ answer }) => of.test(answer)).length;
  for (const kind of [
    /^How many/,
    /^What colou?r is the background/,
    /^Where is/,
    /^Describe|^What do you see/,
  ])
    expect(turns.filter(({ prompt }) => kind.test(prompt)).length).toBeGreaterThan(20);
  expect(share(/^Yes/) / (share(/^Yes/) + share(/^No/))).toBeCloseTo(0.5, 1);
  expect(records.every(({ earlier = [] }) => earlier.length >= 2)).toBe(true);
  const first = records.map(({ earlier }) => earlier![0]!.prompt.split(' ')[0]);
  expect(new Set(first)).toEqual(new Set(['Describe', 'What', 'How', 'Where', 'Is', 'Are']));
});

test('one seed gives the same bytes, another others; a picture has the size that is asked for', () => {
  const made = (seed: number) => {
    const { pictures, texts } = composeSceneFiles({
      ...{ layout: 'mme', splits: { val: 3 }, seed, imageSize: 40, noise: 0.1 },
    } as const);
    return JSON.stringify([[...texts], pictures.map(({ draw }) => [...draw().data])]);
  };
  expect(made(7)).toBe(made(7));
  expect(made(7)).not.toBe(made(8));
  const [picture] = composeSceneFiles({ layout: 'chat', splits: { test: 1 }, imageSize: 40 }).pictures;
  expect(picture!.draw()).toMatchObject({ width: 40, height: 40 });
});

test('what is absent is named even where a scene holds all shapes and colours in use', () => {
  const look = { x: 0.5, y: 0.5, radius: 0.1, rotation: 0, tint: [0, 0, 0] } as const;
  const objects = SHAPES.slice(0, 3).map((shape, index) => ({ ...look, shape, colour: COLOURS[index]! }));
  const scene: Scene = { name: 'full', background: 'white', relation: 'left', objects };
  const vocabulary = { shapes: 3, colours: 3 };
  for (const task of ['existence', 'color'] as const) {
    const [yes, no] = yesNoPairOf(task, scene, vocabulary);
    expect([isTrue(yes.question, scene), isTrue(no.question, scene)]).toEqual([true, false]);
  }
});

test('a number alone is of each task, or to train on with a tenth for the other splits', () => {
  const about = (options: SceneFolderOptions) =>
    JSON.parse(composeSceneFiles(options).texts.get('scenes.json')!) as { splits: object };
  expect(about({ layout: 'mme' }).splits).toEqual({ test: 30 });
  expect(about({ layout: 'mme', count: 3 }).splits).toEqual({ test: 3 });
  expect(about({ layout: 'chat', count: 12 }).splits).toEqual({ train: 12, val: 2, test: 2 });
  expect(about({ layout: 'chat', splits: { test: 4 } }).splits).toEqual({ test: 4 });
});

test('wrong options are refused by name', () => {
  const refused = (options: object) => () => composeSceneFiles(options as SceneFolderOptions);
  expect(refused({ layout: 'coco' })).toThrow(/layout/);
  expect(refused({ layout: 'mme', splits: { train: 2, test: 2 } })).toThrow(
    /splits: MME asks about one split/,
  );
  expect(refused({ layout: 'mme', splits: { test: 0 } })).toThrow(/splits\.test/);
  expect(refused({ layout: 'chat', splits: { dev: 1 } })).toThrow(/splits/);
  expect(refused({ layout: 'chat', count: 2, splits: { val: 1 } })).toThrow(/count: stands in the place/);
  expect(refused({ layout: 'chat', noise: 2, size: 3 })).toThrow(/noise.*size|size.*noise/s);
});
