import { CONTRACT_VERSION, type DatasetEntry, definePlugin } from '@eim/contracts';
import { type CaptionSettings, captionDatasetOptionsSchema } from './captions/caption-dataset-options.js';
import { type QuestionSettings, questionOptionsSchema } from './questions/question-options.js';
import { createSceneDataset } from './scenes/scene-dataset.js';
import { type SceneSettings, sceneOptionsSchema } from './scenes/scene-options.js';

const pathOptions = ['path', 'images'] as const;

/** Captioned pictures of the user's own. */
const captions: DatasetEntry<CaptionSettings> = {
  presets: {},
  optionsSchema: captionDatasetOptionsSchema,
  pathOptions: [...pathOptions, 'splitsFrom', 'uncaptioned'],
  create: async (options, context) => {
    const { readCaptionDataset } = await import('#node');
    return readCaptionDataset(options, context);
  },
};

/** Questions, instructions and conversations of the user's own, with pictures or without. */
const questions: DatasetEntry<QuestionSettings> = {
  presets: {},
  optionsSchema: questionOptionsSchema,
  pathOptions,
  create: async (options, context) => {
    const { readQuestionDataset } = await import('#node');
    return readQuestionDataset(options, context);
  },
};

/** Small pictures of shapes drawn from a seed. */
const scenes: DatasetEntry<SceneSettings> = {
  presets: {},
  optionsSchema: sceneOptionsSchema,
  create: (options) => createSceneDataset(options),
};

export default definePlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/datasets',
  datasets: { captions, questions, scenes },
});
