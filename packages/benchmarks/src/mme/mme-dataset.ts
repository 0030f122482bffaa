import type { DatasetEntry } from '@eim/contracts';
import { type FolderSettings, folderFields, PATH_OPTIONS } from '../datasets/folder-settings.js';
import { optionsSchema } from '../datasets/options-schema.js';

/** MME as a data set. The benchmark has no training questions, so all are `test`. */
export const mmeDataset: DatasetEntry<FolderSettings> = {
  presets: {},
  optionsSchema: optionsSchema<FolderSettings>(folderFields),
  pathOptions: PATH_OPTIONS,
  create: async (settings, context) => {
    const { openMme } = await import('#node');
    return openMme(settings, context);
  },
};
