import { z } from 'zod';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9.-]*$/, { error: 'must be lower-case letters, digits, dots and hyphens' });

/** The metrics that a table can show. */
export const SCORE_METRICS = ['CIDEr', 'Bleu_1', 'Bleu_2', 'Bleu_3', 'Bleu_4', 'ROUGE_L'] as const;
export type ScoreMetric = (typeof SCORE_METRICS)[number];

/** How many steps an arm gets: those of its plan, or as many as another arm's compute or examples allow. */
const budgetSchema = z
  .strictObject({
    /** The arm whose multiply-adds of training are matched. */
    equalTo: name.optional(),
    /** The arm whose number of caption rows is matched. */
    examplesOf: name.optional(),
    /** How much of that: 2 is twice as much. @default 1 */
    times: z.number().gt(0).default(1),
  })
  .refine((budget) => (budget.equalTo === undefined) !== (budget.examplesOf === undefined), {
    error: 'needs exactly one of equalTo and examplesOf',
  });
export type BudgetInput = z.output<typeof budgetSchema>;

/** A section of a config, laid over the same section of the base; read by the config's own schema afterwards. */
const sectionSchema = z.record(z.string(), z.unknown());

const armSchema = z.strictObject({
  /** The config that this arm changes. Absent: the experiment's. */
  base: z.string().min(1).optional(),
  /** `own`: the steps of its plan, whatever the experiment says. Absent: the experiment's. */
  budget: z.union([z.literal('own'), budgetSchema]).optional(),
  /** The arm that this one's difference is to. Absent: the experiment's. */
  reference: name.optional(),
  model: sectionSchema.optional(),
  data: sectionSchema.optional(),
  plan: sectionSchema.optional(),
  training: sectionSchema.optional(),
  evaluation: sectionSchema.optional(),
});

/** Pictures of the scored split that are reported by themselves, too. */
const apartSchema = z.strictObject({
  /** A caption file, or a folder that holds one: pictures are told by their file names. */
  picturesOf: z.string().min(1),
  /** The split of that file. Absent: all of its pictures. */
  split: z.string().min(1).optional(),
});

/** A benchmark whose questions are asked, in the place of captions of held-out pictures. */
const benchmarkSchema = z.strictObject({
  /** `scienceqa`, `mme`, or one of a package: `@acme/package/entry`. */
  use: z.string().min(1),
  /** Folder of its questions and pictures. */
  data: z.string().min(1),
  /** Its options: prompt template, rules. @default {} */
  options: z.record(z.string(), z.string()).default({}),
  /** Its scores that the table shows beside the share of right answers: `AVG`, or `tasks count score`. @default [] */
  columns: z.array(z.string().min(1)).default([]),
});

const scoreSchema = z
  .strictObject({
    /** Of captions; the split that the config evaluates on. @default 'test' */
    split: z.string().min(1).default('test'),
    /** Absent: captions are scored. */
    benchmark: benchmarkSchema.optional(),
    /** The first one is tested, for which it has to be CIDEr. @default ['CIDEr', 'Bleu_4', 'ROUGE_L'] */
    metrics: z.array(z.enum(SCORE_METRICS)).min(1).optional(),
    /** Whether every reference counts, or each distinct one of a picture once. @default 'all' */
    references: z.enum(['all', 'distinct']).optional(),
    /** By the name that the table gives them. @default {} */
    apart: z.record(name, apartSchema).optional(),
  })
  .superRefine(({ benchmark, metrics, references, apart }, context) => {
    for (const [key, value] of Object.entries({ metrics, references, apart })) {
      if (benchmark && value !== undefined)
        context.addIssue({ code: 'custom', path: [key], message: 'is for captions, not for a benchmark' });
    }
  })
  .transform(
    ({ metrics = ['CIDEr', 'Bleu_4', 'ROUGE_L'], references = 'all', apart = {}, ...rest }) =>
      ({ ...rest, metrics, references, apart }) as const,
  );

/** An experiment file. */
export const experimentSchema = z.strictObject({
  /** Absent: the file's. */
  name: name.optional(),
  /** The config that arms change, relative to the experiment file. */
  base: z.string().min(1),
  /** Folder of the records, in which this experiment has one of its own. @default 'results' */
  records: z.string().min(1).default('results'),
  /** Laid over the `data` section of every base. */
  data: sectionSchema.optional(),
  /** Absent: every arm has the steps of its plan. */
  budget: budgetSchema.optional(),
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .refine((seeds) => new Set(seeds).size === seeds.length, { error: 'must not repeat a seed' }),
  /** The arm that differences are to. Absent: the first. */
  reference: name.optional(),
  arms: z
    .record(
      name,
      armSchema.nullish().transform((arm) => arm ?? {}),
    )
    .refine((arms) => Object.keys(arms).length > 0, { error: 'must name an arm or more' }),
  score: scoreSchema.prefault({}),
  /** A relation of two arms' inference parameters; nothing is trained where it does not hold. */
  parameterRatio: z
    .strictObject({ of: name, to: name, is: z.number().gt(0), within: z.number().gt(0) })
    .optional(),
  /**
   * Adds a table of what the gates of a segment measured after it: rank correlation, over all trainings, with their final CIDEr.
   * @default false
   */
  gateCorrelation: z.boolean().default(false),
  /** What the table shows beside scores: learning curves, and captions of twelve pictures. @default [] */
  show: z.array(z.enum(['curves', 'captions'])).default([]),
  /** The statistic `mean(better) - times * mean(than)` of CIDEr, or of a benchmark's share of right answers, tested one-sided. */
  claim: z.strictObject({ better: name, than: name, times: z.number().gt(0).default(1) }).optional(),
});
export type ExperimentInput = z.output<typeof experimentSchema>;
export type ArmInput = ExperimentInput['arms'][string];
export type ScoreInput = ExperimentInput['score'];
