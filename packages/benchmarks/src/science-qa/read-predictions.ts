import { decodeText, parseJson, parseJsonLines } from '@eim/contracts/json';
import {
  describe,
  isObject,
  type JsonObject,
  type NamedJson,
  readObject,
  readText,
  refuse,
} from '../files/json-fields.js';
import { entriesById, parseJsonFile } from '../files/parse-json-file.js';
import { readProblemId } from './read-problem.js';

/** What a system said of one question: a choice from 0 (-1: none could be read), or its text. */
export type RawAnswer = number | string;

export interface ScienceQaPredictions {
  readonly file: string;
  readonly form: 'by pid' | 'official result' | 'JSON lines';
  /** By pid. */
  readonly answers: ReadonlyMap<string, RawAnswer>;
  /** Where an answer stands, for messages. */
  where(id: string): string;
}

/**
 * A system's answers, from any of
 * - `{pid: choice from 0 or text}`;
 * - an official result file `{results: {pid: choice}, outputs: {pid: text}}`, where `results` decide unless
 *   `reparse` asks for the texts of `outputs`;
 * - JSON lines `{question_id, text}` (LLaVA's answers).
 *
 * @throws EimError naming file and line or entry: syntax, wrong type, a question answered twice
 */
export function readPredictions(
  file: string,
  bytes: Uint8Array,
  { reparse = false }: { reparse?: boolean } = {},
): ScienceQaPredictions {
  const text = decodeText(file, bytes);
  if (isJsonLines(file, text)) return readJsonLines(file, text);
  const named = parseJsonFile(file, bytes);
  const { json } = named;
  if (!isObject(json)) {
    refuse(
      file,
      '',
      `the document is ${describe(json)}, not answers by pid`,
      'Give {"4": 1} or {"4": "The answer is B."}, an official result file, or JSON lines with question_id and text.',
    );
  }
  if (isObject(json.results)) return readResultFile(named, json, json.results, reparse);
  const answers = new Map(
    entriesById(named, json).map(([id, value]) => [id, readAnswer(file, `["${id}"]`, value)] as const),
  );
  return { file, form: 'by pid', answers, where: (id) => `["${id}"]` };
}

/** By its name, or because its first line by itself is an answer. */
function isJsonLines(file: string, text: string): boolean {
  if (/\.(jsonl|ndjson)$/i.test(file)) return true;
  const end = text.indexOf('\n');
  try {
    const first: unknown = parseJson(end < 0 ? text : text.slice(0, end));
    return isObject(first) && 'question_id' in first;
  } catch {
    return false;
  }
}

function readJsonLines(file: string, text: string): ScienceQaPredictions {
  const answers = new Map<string, RawAnswer>();
  const lines = new Map<string, number>();
  for (const { line, value } of parseJsonLines(file, text)) {
    const where = `line ${line}`;
    const entry = readObject(file, where, value);
    const id = readProblemId(file, `${where}: question_id`, entry.question_id);
    if (lines.has(id)) {
      refuse(file, where, `answers question ${id} a second time, after line ${lines.get(id)}`);
    }
    lines.set(id, line);
    answers.set(id, readText(file, `${where}: text`, entry.text));
  }
  return { file, form: 'JSON lines', answers, where: (id) => `line ${lines.get(id)}` };
}

function readResultFile(
  named: NamedJson,
  document: JsonObject,
  results: JsonObject,
  reparse: boolean,
): ScienceQaPredictions {
  const { file } = named;
  const source = reparse ? 'outputs' : 'results';
  const values = reparse ? readObject(file, 'outputs', document.outputs) : results;
  const answers = new Map(
    entriesById(named, values, source).map(([id, value]) => {
      const where = `${source}["${id}"]`;
      return [id, reparse ? readText(file, where, value) : readChoice(file, where, value)] as const;
    }),
  );
  return { file, form: 'official result', answers, where: (id) => `${source}["${id}"]` };
}

function readAnswer(file: string, where: string, value: unknown): RawAnswer {
  return typeof value === 'string' ? value : readChoice(file, where, value);
}

function readChoice(file: string, where: string, value: unknown): number {
  // The official program reads `int(results[pid])`.
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= -1) return number;
  return refuse(file, where, `is ${describe(value)}, not a choice (0, 1, ..., or -1 for none)`);
}
