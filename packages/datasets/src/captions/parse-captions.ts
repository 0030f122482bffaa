import type { RowTable } from '../records/row-record.js';
import { parseCocoCaptions } from './parse-coco-captions.js';
import { parseCsvCaptions } from './parse-csv-captions.js';
import { parseJsonlCaptions } from './parse-jsonl-captions.js';
import { parseKarpathyCaptions } from './parse-karpathy-captions.js';

/**
 * Reads a caption file of any known layout: CSV and JSON lines by the file's name, Karpathy's layout by its
 * sentences, COCO's otherwise.
 * @param file its path or name; names it in errors too
 * @throws EimError `invalid-data` listing every mistake
 */
export function parseCaptions(text: string, file: string): RowTable {
  if (/\.csv$/i.test(file)) return parseCsvCaptions(text, file);
  if (/\.(jsonl|ndjson)$/i.test(file)) return parseJsonlCaptions(text, file);
  // Karpathy's files hold sentences inside their pictures, COCO's in a list of their own.
  const isKarpathy = /"sentences"\s*:/.test(text) && !/"annotations"\s*:/.test(text);
  return (isKarpathy ? parseKarpathyCaptions : parseCocoCaptions)(text, file);
}
