import type { ObjectiveEntry } from '../run/train-options.js';
import { createCaptionObjective } from './caption-objective.js';
import { captionObjectiveOptionsSchema } from './caption-options.js';
import { createContrastiveObjective } from './contrastive-objective.js';
import { contrastiveOptionsSchema } from './contrastive-options.js';
import { createEmbeddingAlignmentObjective } from './embedding-alignment-objective.js';
import { embeddingAlignmentOptionsSchema } from './embedding-alignment-options.js';
import { createLanguageObjective } from './language-objective.js';
import { languageOptionsSchema } from './language-options.js';

/** The objectives that come with this package, in the form in which a plug-in offers its own. */
export const builtInObjectives = {
  caption: { presets: {}, optionsSchema: captionObjectiveOptionsSchema, create: createCaptionObjective },
  contrastive: { presets: {}, optionsSchema: contrastiveOptionsSchema, create: createContrastiveObjective },
  'embedding-alignment': {
    presets: {},
    optionsSchema: embeddingAlignmentOptionsSchema,
    create: createEmbeddingAlignmentObjective,
  },
  language: { presets: {}, optionsSchema: languageOptionsSchema, create: createLanguageObjective },
} satisfies Record<string, ObjectiveEntry>;
