import { EimError } from '@eim/contracts';
import type { SourceText } from '@eim/contracts/json';
import { CountedNotes } from '../records/counted-notes.js';
import { FaultList } from '../records/fault-list.js';
import { type FileItem, readItems } from '../records/read-items.js';
import type { RowRecord, RowTable } from '../records/row-record.js';
import type { AlpacaTemplate, QuestionFormat } from './question-options.js';
import type { QuestionReader } from './question-reader.js';
import { readAlpacaItem } from './read-alpaca-item.js';
import { readChatItem } from './read-chat-item.js';
import { readLlavaItem } from './read-llava-item.js';
import { readQuestionItem } from './read-question-item.js';

/** The key by which each form is recognised, and the function that reads one row of it. */
const FORMS: Readonly<Record<QuestionFormat, { readonly key: string; readonly read: QuestionReader }>> = {
  llava: { key: 'conversations', read: readLlavaItem },
  chat: { key: 'messages', read: readChatItem },
  alpaca: { key: 'instruction', read: readAlpacaItem },
  questions: { key: 'question', read: readQuestionItem },
};

export interface ParseQuestionsOptions {
  /** @default recognised by the first row */
  readonly format?: QuestionFormat;
  /** The text around the instructions of Alpaca's form. @default 'alpaca' */
  readonly template?: AlpacaTemplate;
}

/**
 * Reads questions from a JSON list or from one JSON object a line, in the form of LLaVA's conversations
 * (`conversations`), chat messages (`messages`), Alpaca's instructions (`instruction`) or plain questions
 * (`question`). Every row may have an `id`, an `image` and a `split`. Ids that repeat are made unique, because in the
 * published files conversations about one picture share an id.
 * @param file names it in errors
 * @throws EimError `invalid-data` listing every mistake by line or index, or where the form is unknown
 * @example
 * parseQuestions('{"question": "Is ice solid?", "answer": "yes", "choices": ["yes", "no"]}', 'quiz.jsonl');
 */
export function parseQuestions(
  source: SourceText,
  file: string,
  options: ParseQuestionsOptions = {},
): RowTable {
  const { template = 'alpaca' } = options;
  const faults = new FaultList(file);
  const notes = new CountedNotes();
  const ids = new UniqueIds(notes);
  const records: RowRecord[] = [];
  let form = options.format;
  let index = -1;
  for (const item of readItems(source, file, faults)) {
    index++;
    form ??= formatOf(item, file);
    const { value, where, field } = item;
    const content = FORMS[form].read(item, { faults, notes, template });
    const given = value.id ?? value.question_id;
    const name = value.id === undefined ? 'question_id' : 'id';
    const id = given === undefined ? String(index) : faults.id(given, field(name));
    const split = value.split === undefined ? undefined : faults.text(value.split, field('split'));
    if (!content || id === undefined) continue;
    const entry = content.picture === undefined ? where : field('image');
    records.push({ ...content, id: ids.take(id, where), entry, ...(split && { split }) });
  }
  faults.throwIfAny();
  return { records, notes: notes.lines() };
}

/** @throws EimError `invalid-data` where no form is known by the keys of the file's first row */
function formatOf({ value }: FileItem, file: string): QuestionFormat {
  const forms = Object.entries(FORMS) as [QuestionFormat, { key: string }][];
  const found = forms.find(([, { key }]) => value[key] !== undefined);
  if (found) return found[0];
  const keys = Object.keys(value);
  throw new EimError({
    code: 'invalid-data',
    message: `${file} is of no known form: its first row has ${keys.length > 0 ? `the keys ${keys.join(', ')}` : 'no keys'}.`,
    advice: `A row has ${forms.map(([format, { key }]) => `\`${key}\` (${format})`).join(', ')}.`,
    data: { file, keys },
  });
}

class UniqueIds {
  private readonly taken = new Set<string>();

  constructor(private readonly notes: CountedNotes) {}

  take(id: string, where: string): string {
    let unique = id;
    for (let count = 2; this.taken.has(unique); count++) unique = `${id}#${count}`;
    if (unique !== id) this.notes.add('repeated ids made unique by a number', where);
    this.taken.add(unique);
    return unique;
  }
}
