import { choiceOption, countOption, flagOption, textOption } from './options-schema.js';

/** What every data set of a benchmark is opened with. */
export interface FolderSettings {
  /** The benchmark's data folder. */
  readonly path: string;
  /** Folder that picture names start from. Absent: the data folder. */
  readonly images?: string;
  /** `stat` is quicker on large sets, and trusts name, size and time of change. @default 'content' */
  readonly fingerprint: 'content' | 'stat';
  /** What becomes of questions whose picture does not exist. @default 'error' */
  readonly missingPictures: 'error' | 'leave-out';
  /** Turn pictures as their EXIF orientation says. @default false */
  readonly applyOrientation: boolean;
  /** The first questions of each split alone, for a trial. Absent: all. */
  readonly limit?: number;
}

export const folderFields = {
  path: textOption(),
  images: textOption({ optional: true }),
  fingerprint: choiceOption(['content', 'stat'], 'content'),
  missingPictures: choiceOption(['error', 'leave-out'], 'error'),
  applyOrientation: flagOption(false),
  limit: countOption,
};

/** The options above that hold paths. */
export const PATH_OPTIONS = ['path', 'images'] as const;
