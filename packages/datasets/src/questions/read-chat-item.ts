import { shownJson } from '@eim/contracts/json';
import type { FaultList } from '../records/fault-list.js';
import { joinTurns, type Message } from './join-turns.js';
import { type QuestionReader, readImage } from './question-reader.js';

const ROLES = ['system', 'user', 'assistant'] as const;

/**
 * Chat messages: `{messages: [{role, content}]}`, roles `system`, `user` and `assistant`. A content is text, or parts
 * `{type: 'text', text}` and `{type: 'image_url', image_url: {url}}` as OpenAI's interface has them, with the path of a
 * picture file as the address. Texts of several parts are joined by line breaks; the picture stands before all of them.
 * A row shows one picture, by such a part or by `image` beside `messages`.
 */
export const readChatItem: QuestionReader = (item, reading) => {
  const { faults } = reading;
  const { value, where, field } = item;
  const mistakes = faults.count;
  const pictures = Object.values(readImage(item, faults));
  const messages = faults.list(value.messages, field('messages')).flatMap((entry, index): Message[] => {
    const place = `${field('messages')}[${index}]`;
    const message = faults.record(entry, place);
    if (!message) return [];
    const role = ROLES.find((name) => name === message.role);
    if (!role) {
      faults.add(`${place}.role`, `is ${shownJson(message.role)}, neither system, user nor assistant`);
    }
    if (message.weight === 0) {
      faults.add(`${place}.weight`, 'is 0, but all answers of a row are learnt; leave the message out');
    }
    const content = readContent(message.content, `${place}.content`, faults);
    if (content.pictures.length > 0 && role !== 'user') {
      faults.add(`${place}.content`, 'shows a picture, which only the user can');
    }
    pictures.push(...content.pictures);
    return role ? [{ role, text: content.text, where: place }] : [];
  });
  if (faults.count > mistakes) return undefined;
  const distinct = new Set(pictures);
  if (distinct.size > 1) faults.add(where, `shows ${distinct.size} pictures; a row shows one`);
  const turns = joinTurns(messages, where, reading);
  const [picture] = distinct;
  return turns && { ...turns, ...(picture !== undefined && { picture }) };
};

function readContent(
  content: unknown,
  where: string,
  faults: FaultList,
): { text: string; pictures: string[] } {
  if (typeof content === 'string') return { text: content, pictures: [] };
  const texts: string[] = [];
  const pictures: string[] = [];
  for (const [index, value] of faults.list(content, where).entries()) {
    const place = `${where}[${index}]`;
    const part = faults.record(value, place);
    if (!part) continue;
    if (part.type === 'text') {
      if (typeof part.text === 'string') texts.push(part.text);
      else faults.text(part.text, `${place}.text`);
    } else if (part.type === 'image_url') {
      const address = faults.record(part.image_url, `${place}.image_url`)?.url;
      const picture = faults.text(address, `${place}.image_url.url`);
      if (picture && /^[a-z][a-z0-9+.-]+:/i.test(picture)) {
        faults.add(`${place}.image_url.url`, 'is an address; only paths of picture files are read');
      } else if (picture) pictures.push(picture);
    } else faults.add(`${place}.type`, `is ${shownJson(part.type)}, neither text nor image_url`);
  }
  return { text: texts.join('\n'), pictures };
}
