import type { Background, Colour, Shape, Size } from './scene-words.js';

/** One shape in a scene. Lengths are shares of the picture's side. */
export interface SceneObject {
  readonly shape: Shape;
  readonly colour: Colour;
  /** Absent in scenes of three, where all have one size. */
  readonly size?: Size;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Radians. */
  readonly rotation: number;
  /** Added to red, green and blue: no two reds are quite the same. */
  readonly tint: readonly [number, number, number];
}

export const RELATIONS = ['left', 'above', 'inside'] as const;
/** The earlier object is left of, above, or inside the later. */
export type Relation = (typeof RELATIONS)[number];

export const PLACES = ['middle', 'top left', 'top right', 'bottom left', 'bottom right'] as const;
/** Places for a shape that is alone in its picture. */
export type Place = (typeof PLACES)[number];

export interface Scene {
  /** One to three; from left to right, from the top down, or the inner one first. */
  readonly objects: readonly SceneObject[];
  /** How the objects lie; absent for one. */
  readonly relation?: Relation;
  /** Place of the only object; absent for several. */
  readonly place?: Place;
  readonly background: Background;
  /** Seeds the noise. */
  readonly name: string;
}
