import { shownJson } from '@eim/contracts/json';
import { joinTurns, type Message } from './join-turns.js';
import { type QuestionReader, readImage } from './question-reader.js';

const MARKER = '<image>';
const ROLES: ReadonlyMap<string, Message['role']> = new Map([
  ['system', 'system'],
  ['human', 'user'],
  ['user', 'user'],
  ['gpt', 'assistant'],
  ['assistant', 'assistant'],
]);

/**
 * LLaVA's conversations: `{id, image?, conversations: [{from: 'human' | 'gpt', value}]}` (Liu et al. 2023).
 *
 * The marker `<image>` says where the picture stands. It is removed and the rest trimmed, as LLaVA's
 * `preprocess_multimodal` does it, which then puts the picture before that text: a model sees a row's picture before
 * all of its text, wherever in a message the marker stood. More markers than one, or one without a picture, are mistakes.
 * A picture without a marker is still shown; such rows are counted.
 */
export const readLlavaItem: QuestionReader = (item, reading) => {
  const { faults, notes } = reading;
  const { value, where, field } = item;
  const mistakes = faults.count;
  const image = readImage(item, faults);
  let markers = 0;
  const messages = faults
    .list(value.conversations, field('conversations'))
    .flatMap((entry, index): Message[] => {
      const place = `${field('conversations')}[${index}]`;
      const message = faults.record(entry, place);
      if (!message) return [];
      const role = typeof message.from === 'string' ? ROLES.get(message.from.toLowerCase()) : undefined;
      if (!role) faults.add(`${place}.from`, `is ${shownJson(message.from)}, neither "human" nor "gpt"`);
      if (typeof message.value !== 'string') faults.text(message.value, `${place}.value`);
      if (!role || typeof message.value !== 'string') return [];
      // Only questions show pictures; an answer that speaks of "<image>" keeps its words.
      const parts = role === 'user' ? message.value.split(MARKER) : [message.value];
      markers += parts.length - 1;
      return [{ role, text: parts.length > 1 ? parts.join('').trim() : message.value, where: place }];
    });
  if (faults.count > mistakes) return undefined;
  if (markers > 1) faults.add(where, `has ${markers} markers "${MARKER}"; a row shows one picture`);
  if (markers > 0 && !image.picture) faults.add(where, `has the marker "${MARKER}" and no image`);
  if (markers === 0 && image.picture)
    notes.add(`pictures without a marker "${MARKER}" shown all the same`, where);
  const turns = joinTurns(messages, where, reading);
  return turns && { ...turns, ...image };
};
