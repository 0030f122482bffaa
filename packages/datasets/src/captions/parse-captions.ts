import { JsonLists, type SourceText, textOf } from '@eim/contracts/json';
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
export function parseCaptions(source: SourceText, file: string): RowTable {
  if (/\.csv$/i.test(file)) return parseCsvCaptions(textOf(file, source), file);
  if (/\.(jsonl|ndjson)$/i.test(file)) return parseJsonlCaptions(source, file);
  const root = new JsonLists(source, file);
  return (isKarpathy(root) ? parseKarpathyCaptions : parseCocoCaptions)(root, file);
}

/** Karpathy's files hold sentences inside their pictures, COCO's in a list of their own. */
function isKarpathy(root: JsonLists): boolean {
  if (root.entries('annotations')) return false;
  for (const [, image] of root.entries('images') ?? []) {
    if (typeof image === 'object' && image !== null && 'sentences' in image) return true;
  }
  return false;
}
