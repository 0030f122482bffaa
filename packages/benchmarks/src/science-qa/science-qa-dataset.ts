import type { DatasetEntry } from '@eim/contracts';
import { folderFields, PATH_OPTIONS } from '../datasets/folder-settings.js';
import { choiceOption, optionsSchema } from '../datasets/options-schema.js';
import { PROMPT_TEMPLATES } from './prompts.js';
import type { ScienceQaSettings } from './science-qa-questions.js';

/** ScienceQA as a data set: the published splits, with the benchmark's own prompts and answers. */
export const scienceQaDataset: DatasetEntry<ScienceQaSettings> = {
  presets: {
    lavin: { prompt: 'LaVIN' },
    llava: { prompt: 'LLaVA' },
  },
  optionsSchema: optionsSchema<ScienceQaSettings>({
    ...folderFields,
    prompt: choiceOption(PROMPT_TEMPLATES, 'QCM-A'),
    caption: choiceOption(['yes', 'no'], 'no'),
  }),
  pathOptions: PATH_OPTIONS,
  create: async (settings, context) => {
    const { openScienceQa } = await import('#node');
    return openScienceQa(settings, context);
  },
};
