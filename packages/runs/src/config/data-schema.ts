import { z } from 'zod';

const partShape = {
  /** A data set that a package offers: `captions`, or `@acme/package/entry`. */
  use: z.string().min(1),
  /** A named set of options. */
  preset: z.string().min(1).optional(),
  /** Options of the data set; they may also stand beside `use`. */
  options: z.record(z.string(), z.unknown()).optional(),
};

/** One data set: its options stand beside `use`, and its own schema checks them. */
export const oneDataSchema = z.looseObject(partShape);
export type OneDataConfig = z.output<typeof oneDataSchema>;

/** Several data sets as one. */
export const mixtureSchema = z.strictObject({
  use: z.literal('mixture'),
  /** `mixed`: rows are drawn from all by their weights. `in-order`: one after the other. @default 'mixed' */
  order: z.enum(['mixed', 'in-order']).default('mixed'),
  of: z
    .array(
      z.looseObject({
        ...partShape,
        /** How often rows of this part are drawn, relative to the weights of the others. @default 1 */
        weight: z.number().gt(0).default(1),
      }),
    )
    .min(1),
});
export type MixtureConfig = z.output<typeof mixtureSchema>;

/** The `data` section of a config. */
export type DataConfig = OneDataConfig | MixtureConfig;

export const isMixture = (data: DataConfig): data is MixtureConfig => data.use === 'mixture';

export const dataSchema: z.ZodType<DataConfig> = z
  .looseObject({ use: z.string().min(1) })
  .transform((data, context): DataConfig => {
    const parsed = (data.use === 'mixture' ? mixtureSchema : oneDataSchema).safeParse(data);
    if (parsed.success) return parsed.data as DataConfig;
    for (const issue of parsed.error.issues) context.addIssue({ ...issue } as never);
    return z.NEVER;
  });
