import * as z from 'zod';
import { checkOptions } from '../../check-options.js';
import { type SceneSettings, sceneOptionsSchema, sceneSettings } from '../scene-options.js';
import { SCENE_SPLITS, type SceneSplit } from '../split-scene.js';

/** The forms in which scenes are written as files. */
export const SCENE_LAYOUTS = ['mme', 'chat'] as const;
export type SceneLayout = (typeof SCENE_LAYOUTS)[number];

const number = z.int().min(1).max(1_000_000);

/** How scenes are written as files. What a picture holds is drawn as for the data set `scenes`. */
export const sceneFolderOptionsSchema = z
  .strictObject({
    /** `mme`: questions for yes or no in MME's form. `chat`: conversations as JSON lines. */
    layout: z.enum(SCENE_LAYOUTS),
    /**
     * `mme`: pictures of each task. `chat`: pictures of the split `train`; `val` and `test` have a tenth of that each.
     * @default 30, or 1500
     */
    count: number.optional(),
    /** Pictures by split in the place of `count`; the layout `mme` takes one split, and draws so many for each task. */
    splits: z.partialRecord(z.enum(SCENE_SPLITS), number).optional(),
    seed: sceneOptionsSchema.shape.seed,
    testCombinations: sceneOptionsSchema.shape.testCombinations,
    /** Width and height in pixels. @default 224 */
    imageSize: z.int().min(16).max(512).default(224),
    /** Standard deviation of the noise on each pixel, as a share of full brightness. @default 0 */
    noise: z.number().min(0).max(0.5).default(0),
  })
  .refine(({ layout, splits }) => layout !== 'mme' || !splits || Object.keys(splits).length === 1, {
    path: ['splits'],
    message: 'MME asks about one split',
  })
  .refine(({ count, splits }) => count === undefined || splits === undefined, {
    path: ['count'],
    message: 'stands in the place of splits, not beside them',
  });
export type SceneFolderOptions = z.input<typeof sceneFolderOptionsSchema>;

/** As many pictures a task as MME has of its own; as many conversations as the data set `scenes` has captioned pictures. */
const USUAL_COUNT: Readonly<Record<SceneLayout, number>> = { mme: 30, chat: 1500 };

function usualSplits(
  layout: SceneLayout,
  count: number = USUAL_COUNT[layout],
): Partial<Record<SceneSplit, number>> {
  const few = Math.ceil(count / 10);
  return layout === 'mme' ? { test: count } : { train: count, val: few, test: few };
}

/** Options with every default filled in. */
export interface SceneFolderSettings {
  readonly layout: SceneLayout;
  /** In the order of `SCENE_SPLITS`; without those that are not written. */
  readonly splits: readonly (readonly [split: SceneSplit, pictures: number])[];
  /** By which scenes are drawn; its numbers of pictures mean nothing. */
  readonly scenes: SceneSettings;
}

/** @throws EimError `invalid-argument` naming every option that is wrong */
export function sceneFolderSettings(options: SceneFolderOptions): SceneFolderSettings {
  const { layout, splits, count, noise, ...rest } = checkOptions(
    sceneFolderOptionsSchema,
    options,
    'the folder of scenes',
  );
  const chosen = splits ?? usualSplits(layout, count);
  return {
    layout,
    splits: SCENE_SPLITS.flatMap((split) => {
      const pictures = chosen[split];
      return pictures === undefined ? [] : [[split, pictures] as const];
    }),
    scenes: sceneSettings({ ...rest, difficulty: { noise } }),
  };
}
