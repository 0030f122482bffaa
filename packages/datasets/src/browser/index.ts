import { EimError } from '@eim/contracts';

/** Functions that read folders, for browsers: they throw, as a browser has no folders. `#node` under the export condition `browser`. */
async function refuse(): Promise<never> {
  throw new EimError({
    code: 'invalid-argument',
    message: 'Data sets are read from folders in Node only; a page has no folders.',
    advice:
      'Use the data set `scenes`, or read the files yourself and parse them with the functions of @eim/datasets.',
  });
}

export { refuse as readCaptionDataset, refuse as readQuestionDataset };
