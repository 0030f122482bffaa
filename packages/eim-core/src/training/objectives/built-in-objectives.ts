import type { ObjectiveEntry } from '../run/train-options.js';
import { createCaptionObjective } from './caption-objective.js';
import { captionOptionsSchema } from './caption-options.js';
import { createLanguageObjective } from './language-objective.js';
import { languageOptionsSchema } from './language-options.js';

/** The objectives that come with this package, in the form in which a plug-in offers its own. */
export const builtInObjectives = {
  caption: { presets: {}, optionsSchema: captionOptionsSchema, create: createCaptionObjective },
  language: { presets: {}, optionsSchema: languageOptionsSchema, create: createLanguageObjective },
} satisfies Record<string, ObjectiveEntry>;
