import { seededDraws } from '../seeded-draws.js';
import type { Scene } from './scene.js';
import { RELATIONS } from './scene.js';
import type { SceneDifficulty } from './scene-options.js';
import { COLOURS, SHAPES } from './scene-words.js';

/** Combinations that only test scenes may hold, each of words that training has in other combinations. */
export interface HeldOutCombinations {
  /** Combinations such as `red circle`: each colour lacks one shape. */
  readonly attributes: ReadonlySet<string>;
  /** Combinations such as `circle left star`: in each relation, each shape lacks one partner. */
  readonly relations: ReadonlySet<string>;
}

/** Shapes that are closed and wide enough to hold another. */
export const CONTAINERS = ['circle', 'square'] as const;

export function holdOutCombinations(seed: number, difficulty: SceneDifficulty): HeldOutCombinations {
  const draws = seededDraws(`scenes ${seed} held out`);
  const shapes = SHAPES.slice(0, difficulty.shapes);
  const attributes = new Set<string>();
  const lacking = draws.shuffle(shapes);
  for (const [index, colour] of draws.shuffle(COLOURS.slice(0, difficulty.colours)).entries()) {
    attributes.add(`${colour} ${lacking[index % lacking.length]}`);
  }
  const relations = new Set<string>();
  for (const relation of RELATIONS) {
    const inner = draws.shuffle(shapes);
    const outer = relation === 'inside' ? CONTAINERS : draws.shuffle(shapes);
    for (const [index, shape] of outer.entries()) relations.add(`${inner[index]} ${relation} ${shape}`);
  }
  return { attributes, relations };
}

/** The held-out combinations that a scene has. */
export function heldOutIn(scene: Scene, heldOut: HeldOutCombinations): string[] {
  const found = scene.objects
    .map(({ colour, shape }) => `${colour} ${shape}`)
    .filter((combination) => heldOut.attributes.has(combination));
  for (const [index, first] of scene.objects.entries()) {
    for (const second of scene.objects.slice(index + 1)) {
      const combination = `${first.shape} ${scene.relation} ${second.shape}`;
      if (heldOut.relations.has(combination)) found.push(combination);
    }
  }
  return found;
}
