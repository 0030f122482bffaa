import * as z from 'zod';
import { checkOptions } from '../check-options.js';
import { COLOURS, SHAPES } from './scene-words.js';

const count = (least: number, usual: number) => z.int().min(least).max(1_000_000).default(usual);

export const sceneDifficultySchema = z
  .strictObject({
    /** Fewest and most shapes in a picture. @default [1, 3] */
    objects: z.tuple([z.int().min(1).max(3), z.int().min(1).max(3)]).default([1, 3]),
    /** How many colours occur. @default 8 */
    colours: z.int().min(3).max(COLOURS.length).default(COLOURS.length),
    /** How many shapes occur. @default 6 */
    shapes: z.int().min(3).max(SHAPES.length).default(SHAPES.length),
    /** Standard deviation of the noise on each pixel, as a share of full brightness. @default 0.04 */
    noise: z.number().min(0).max(0.5).default(0.04),
  })
  .refine(({ objects: [fewest, most] }) => fewest <= most, {
    path: ['objects'],
    message: 'the first number must not be above the second',
  });

/** Options of the scene generator. */
export const sceneOptionsSchema = z.strictObject({
  /** The same options and seed give the same data set, byte for byte. @default 1 */
  seed: z.int().default(1),
  /** Pictures to learn from. @default 1500 */
  train: count(1, 1500),
  /** Pictures with combinations that training also has. @default 150 */
  val: count(0, 150),
  /** Pictures to score. @default 200 */
  test: count(0, 200),
  /**
   * `unseen`: each test scene holds a combination that training never has, which asks a model to compose. `seen`: test scenes are
   * drawn as those of training are. @default 'unseen'
   */
  testCombinations: z.enum(['unseen', 'seen']).default('unseen'),
  /** Width and height in pixels. @default 32 */
  imageSize: z.int().min(16).max(512).default(32),
  difficulty: sceneDifficultySchema.prefault({}),
});

export type SceneOptions = z.input<typeof sceneOptionsSchema>;
export type SceneSettings = z.output<typeof sceneOptionsSchema>;
export type SceneDifficulty = SceneSettings['difficulty'];

/** Fills in the defaults. @throws EimError `invalid-argument` naming every option that is wrong */
export function sceneSettings(options: SceneOptions): SceneSettings {
  return checkOptions(sceneOptionsSchema, options, 'the scene generator');
}
