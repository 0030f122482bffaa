import { randomUUID } from 'node:crypto';

/** What begins every answer. */
export const responseHead = (prefix: string, object: string, model: string) => ({
  id: `${prefix}-${randomUUID()}`,
  object,
  created: Math.floor(Date.now() / 1000),
  model,
});
