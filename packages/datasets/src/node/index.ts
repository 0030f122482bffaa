export { readCaptionDataset } from './read-caption-dataset.js';
export { readQuestionDataset } from './read-question-dataset.js';
