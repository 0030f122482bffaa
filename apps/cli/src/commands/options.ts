import { ENGINE_NAMES } from '../engine-names.js';

/** Options that several commands share. */
export const JSON_OPTION = { type: 'flag', description: 'print one JSON document' } as const;

export const ENGINE_OPTION = {
  type: 'text',
  placeholder: 'NAME',
  description: `engine to compute on: ${ENGINE_NAMES.join(', ')}`,
} as const;
