import type { FileSearch } from './find-data-file.js';

/** Names of caption files looked for in a folder, the first found winning. */
export const CAPTION_FILES: FileSearch = {
  names: [/^captions\.json$/, /^dataset.*\.json$/, /^captions\.csv$/, /^captions\.(jsonl|ndjson)$/],
  kind: 'caption file',
  advice: 'It needs captions.json (COCO), dataset_*.json (Karpathy), captions.csv or captions.jsonl.',
};
