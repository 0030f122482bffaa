import type { SeededDraws } from '../../seeded-draws.js';
import type { Place, Relation, Scene, SceneObject } from '../scene.js';

/** What is said of the earlier of two objects, and of the later: `to the left of`, `to the right of`. */
const RELATION_WORDS: Readonly<Record<Relation, readonly [string, string]>> = {
  left: ['to the left of', 'to the right of'],
  above: ['above', 'below'],
  inside: ['inside', 'around'],
};

/** Where one object lies beside another. */
export interface SpatialFact {
  readonly object: SceneObject;
  /** True of the object: `to the left of`. */
  readonly words: string;
  /** Never true of it. */
  readonly opposite: string;
  readonly other: SceneObject;
}

/** One fact about two objects of a scene that holds more than one. */
export function drawSpatialFact({ objects, relation }: Scene, draws: SeededDraws): SpatialFact {
  const [first, second] = draws
    .shuffle(objects.map((_, index) => index))
    .slice(0, 2)
    .sort((a, b) => a - b) as [number, number];
  const [forwards, backwards] = RELATION_WORDS[relation!];
  const [earlier, later] = [objects[first]!, objects[second]!];
  return draws.chance(0.5)
    ? { object: earlier, words: forwards, opposite: backwards, other: later }
    : { object: later, words: backwards, opposite: forwards, other: earlier };
}

/** `in the top left`, of an object that is alone. */
export const placeWords = (place: Place): string => `in the ${place}`;
