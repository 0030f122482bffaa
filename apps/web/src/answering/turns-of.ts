import type { Message } from '../chats/chat.js';
import type { Turn } from '../talk/talker.js';

/**
 * What the model reads of a conversation whose last message is the user's. A picture without words is captioned by itself, as
 * `eim caption` does it; otherwise all that was said goes along.
 * @param system text before everything; '' for none
 */
export function turnsOf(messages: readonly Message[], system: string): Turn[] {
  const last = messages.at(-1);
  if (last?.role === 'user' && last.picture && last.text.trim() === '') {
    return [{ role: 'user', text: '', picture: last.picture }];
  }
  const said = messages.filter((message) => message.role === 'user' || message.end !== 'failed');
  const turns = said.map((message): Turn => {
    const { role, text } = message;
    return message.role === 'user' ? { role, text, picture: message.picture } : { role, text };
  });
  return system.trim() === '' ? turns : [{ role: 'system', text: system }, ...turns];
}
