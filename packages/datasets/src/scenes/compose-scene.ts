import type { SeededDraws } from '../seeded-draws.js';
import { seededDraws } from '../seeded-draws.js';
import { CONTAINERS } from './held-out-combinations.js';
import type { Place, Relation, Scene, SceneObject } from './scene.js';
import { PLACES, RELATIONS } from './scene.js';
import type { SceneDifficulty } from './scene-options.js';
import type { Shape, Size } from './scene-words.js';
import { BACKGROUNDS, COLOURS, SHAPES, SIZES } from './scene-words.js';

/** Draws one scene. @param name seeds it: the same name and difficulty give the same scene */
export function composeScene(name: string, difficulty: SceneDifficulty): Scene {
  const draws = seededDraws(name);
  const [fewest, most] = difficulty.objects;
  const count = fewest + draws.integer(most - fewest + 1);
  const common = { background: draws.pick(BACKGROUNDS), name };
  const looks = distinctLooks(count, difficulty, draws);
  if (count === 1) {
    const place = draws.pick(PLACES);
    return { ...common, place, objects: [placeAlone(looks[0]!, place, draws)] };
  }
  const relation = draws.pick(count === 2 ? RELATIONS : RELATIONS.slice(0, 2));
  if (relation === 'inside') return { ...common, relation, objects: placeInside(looks, draws) };
  return { ...common, relation, objects: placeInRow(looks, relation, draws) };
}

type Look = Pick<SceneObject, 'shape' | 'colour' | 'tint'>;

/** No two objects share their colour, so that a caption always says which is meant. */
function distinctLooks(count: number, difficulty: SceneDifficulty, draws: SeededDraws): Look[] {
  const colours = draws.shuffle(COLOURS.slice(0, difficulty.colours)).slice(0, count);
  return colours.map((colour) => ({
    colour,
    shape: draws.pick(SHAPES.slice(0, difficulty.shapes)),
    tint: [0, 1, 2].map(() => Math.round(draws.between(-14, 14))) as unknown as Look['tint'],
  }));
}

/** Round and pointed shapes may lean a little more than a square, which would look like a diamond. */
function lean(shape: Shape, draws: SeededDraws): number {
  return draws.between(-1, 1) * (shape === 'star' ? 0.3 : 0.12);
}

function placeAlone(look: Look, place: Place, draws: SeededDraws): SceneObject {
  const size = draws.pick(SIZES);
  const radius = size === 'large' ? draws.between(0.22, 0.26) : draws.between(0.11, 0.14);
  const offset = draws.between(0.22, 0.25);
  const [vertical, horizontal] = place === 'middle' ? [0, 0] : place.split(' ').map(directionOf);
  return {
    ...look,
    size,
    radius,
    x: 0.5 + horizontal! * offset + draws.between(-0.02, 0.02),
    y: 0.5 + vertical! * offset + draws.between(-0.02, 0.02),
    rotation: lean(look.shape, draws),
  };
}

function directionOf(word: string): number {
  return word === 'left' || word === 'top' ? -1 : 1;
}

function placeInside(looks: readonly Look[], draws: SeededDraws): SceneObject[] {
  const [inner, outer] = looks as [Look, Look];
  const x = draws.between(0.42, 0.58);
  const y = draws.between(0.42, 0.58);
  const container = { ...outer, shape: draws.pick(CONTAINERS) };
  return [
    { ...inner, size: 'small', x, y, radius: draws.between(0.15, 0.18), rotation: lean(inner.shape, draws) },
    {
      ...container,
      size: 'large',
      x,
      y,
      radius: draws.between(0.34, 0.38),
      rotation: lean(container.shape, draws),
    },
  ];
}

function placeInRow(looks: readonly Look[], relation: Relation, draws: SeededDraws): SceneObject[] {
  const pair = looks.length === 2;
  return looks.map((look, index) => {
    const size: Size | undefined = pair ? draws.pick(SIZES) : undefined;
    const [least, most] = RADII[size ?? 'ofThree'];
    const radius = draws.between(least, most);
    const along = (pair ? [0.27, 0.73] : [0.18, 0.5, 0.82])[index]! + draws.between(-0.015, 0.015);
    const across = 0.5 + draws.between(-0.12, 0.12);
    const [x, y] = relation === 'left' ? [along, across] : [across, along];
    return { ...look, ...(size && { size }), radius, x, y, rotation: lean(look.shape, draws) };
  });
}

const RADII = { small: [0.105, 0.13], large: [0.19, 0.22], ofThree: [0.125, 0.15] } as const satisfies Record<
  string,
  readonly [number, number]
>;
