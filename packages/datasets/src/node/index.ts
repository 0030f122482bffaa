export { readCaptionDataset } from './read-caption-dataset.js';
export { readPictureSplits } from './read-picture-splits.js';
export { readQuestionDataset } from './read-question-dataset.js';
