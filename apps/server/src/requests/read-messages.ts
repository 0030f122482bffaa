import { fieldError } from '../http/api-error.js';
import { RequestFields } from './request-fields.js';

/** A message of text, and the pictures that came with it as addresses. */
export interface ReadMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  readonly pictures: readonly PictureField[];
}

/** An address of a picture, and where it stands in the request. */
export interface PictureField {
  readonly url: string;
  readonly param: string;
}

const ROLES: Readonly<Record<string, ReadMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};
const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** @throws ApiError 400 naming what cannot be read */
export function readMessages(fields: RequestFields): ReadMessage[] {
  const value = fields.required('messages', fields.value('messages'));
  if (!Array.isArray(value) || value.length === 0) {
    throw fieldError('messages', '`messages` must be a list of at least one message.', 'invalid_value');
  }
  return value.map((message, index) => readMessage(new RequestFields(message, `messages[${index}]`)));
}

function readMessage(fields: RequestFields): ReadMessage {
  const named = fields.required('role', fields.text('role'));
  const role = Object.hasOwn(ROLES, named) ? ROLES[named] : undefined;
  if (role === undefined) {
    throw fieldError(
      fields.path('role'),
      `\`${fields.path('role')}\` is "${named}"; the roles here are ${Object.keys(ROLES).join(', ')}.`,
      'unsupported_value',
    );
  }
  for (const list of ['tool_calls', 'annotations']) fields.refuse(list, isEmptyList);
  const path = fields.path('content');
  const content = fields.required('content', fields.value('content'));
  fields.end();
  if (typeof content === 'string') return { role, content, pictures: [] };
  if (!Array.isArray(content) || content.length === 0) {
    throw fieldError(path, `\`${path}\` must be a text or a list of parts.`, 'invalid_value');
  }
  const parts = content.map((part, index) => readPart(new RequestFields(part, `${path}[${index}]`)));
  const texts = parts.flatMap((part) => ('text' in part ? [part.text] : []));
  const pictures = parts.flatMap((part) => ('url' in part ? [part] : []));
  const [picture] = pictures;
  if (picture && role !== 'user') {
    throw fieldError(picture.param, `\`${picture.param}\`: only a user shows pictures.`, 'unsupported_value');
  }
  return { role, content: texts.join('\n'), pictures };
}

function readPart(fields: RequestFields): { text: string } | PictureField {
  const type = fields.required('type', fields.text('type'));
  if (type === 'text') {
    const text = fields.required('text', fields.text('text'));
    fields.end();
    return { text };
  }
  if (type !== 'image_url') {
    throw fieldError(
      fields.path('type'),
      `\`${fields.path('type')}\` is "${type}"; the parts here are text and image_url.`,
      'unsupported_value',
    );
  }
  const image = fields.nested('image_url', fields.required('image_url', fields.value('image_url')));
  const url = image.required('url', image.text('url'));
  readDetail(image);
  image.end();
  fields.end();
  return { url, param: image.path('url') };
}

/** An encoder has one resolution, so a picture is seen in the same way whatever detail is asked for. */
function readDetail(image: RequestFields): void {
  const detail = image.text('detail');
  if (detail === undefined || ['auto', 'low', 'high'].includes(detail)) return;
  throw fieldError(
    image.path('detail'),
    `\`${image.path('detail')}\` must be auto, low or high.`,
    'invalid_value',
  );
}
