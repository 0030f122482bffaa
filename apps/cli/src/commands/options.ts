import { ENGINE_NAMES } from '../engine-names.js';

/** Options that several commands share. */
export const JSON_OPTION = { type: 'flag', description: 'print one JSON document' } as const;

export const ENGINE_OPTION = {
  type: 'text',
  placeholder: 'NAME',
  description: `engine to compute on: ${ENGINE_NAMES.join(', ')}`,
} as const;

export const THREADS_OPTION = {
  type: 'integer',
  placeholder: 'N',
  description: 'threads to compute on (default: EIM_THREADS, or as many as there are cores)',
  minimum: 1,
} as const;
