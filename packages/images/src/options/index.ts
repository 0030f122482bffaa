export {
  imagePreprocessingSchema,
  type ResizingOptions,
  resizingOptionsSchema,
} from './image-preprocessing-schema.js';
