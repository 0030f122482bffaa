export { type ReadCaptionsOptions, readCaptionDataset } from './read-caption-dataset.js';
