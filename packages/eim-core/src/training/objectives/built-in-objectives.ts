import type { ObjectiveEntry } from '../run/train-options.js';
import { captionObjectiveOptionsSchema, createCaptionObjective } from './caption-objective.js';
import { CONTRASTIVE, contrastiveEntry } from './contrastive-entry.js';
import {
  createEmbeddingAlignmentObjective,
  embeddingAlignmentOptionsSchema,
} from './embedding-alignment-objective.js';
import { createLanguageObjective, languageOptionsSchema } from './language-objective.js';
import {
  createRetrievedCaptionsObjective,
  retrievedCaptionsOptionsSchema,
} from './retrieved-captions/retrieved-captions-objective.js';
import { SELF_CRITICAL, selfCriticalEntry } from './self-critical/self-critical-entry.js';
import { createSlotWordsObjective } from './words/slot-words-objective.js';
import { wordOptionsSchema } from './words/word-task.js';
import { createWordsObjective, wordsOptionsSchema } from './words/words-objective.js';

/** The objectives that come with this package, in the form in which a plug-in offers its own. */
export const builtInObjectives = {
  caption: { presets: {}, optionsSchema: captionObjectiveOptionsSchema, create: createCaptionObjective },
  [CONTRASTIVE]: contrastiveEntry(),
  'embedding-alignment': {
    presets: {},
    optionsSchema: embeddingAlignmentOptionsSchema,
    create: createEmbeddingAlignmentObjective,
  },
  language: { presets: {}, optionsSchema: languageOptionsSchema, create: createLanguageObjective },
  'retrieved-captions': {
    presets: {},
    optionsSchema: retrievedCaptionsOptionsSchema,
    create: createRetrievedCaptionsObjective,
  },
  [SELF_CRITICAL]: selfCriticalEntry(),
  'slot-words': { presets: {}, optionsSchema: wordOptionsSchema, create: createSlotWordsObjective },
  words: { presets: {}, optionsSchema: wordsOptionsSchema, create: createWordsObjective },
} satisfies Record<string, ObjectiveEntry>;
