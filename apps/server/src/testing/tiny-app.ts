import { startEngine } from '@eim/engine';
import type { ServedModel } from '@eim/runs/serving';
import { memory } from '@tensorflow/tfjs-core';
import { type AppOptions, createApp } from '../create-app.js';
import { tinyServedModel } from './tiny-served-model.js';

export const CHAT = '/v1/chat/completions';
export const TEXT = '/v1/completions';

/** A greedy chat request for one message. */
export const say = (content: unknown, more: object = {}) => ({
  model: 'tiny',
  temperature: 0,
  max_tokens: 6,
  messages: [{ role: 'user', content }],
  ...more,
});

/** Two models, `tiny` and, without an encoder, `org/text`, and the routes over them, for the tests of a file. */
export function tinyApp() {
  const models: ServedModel[] = [];
  let tensors = 0;
  return {
    /** Filled by `open`. */
    models,
    async open(): Promise<void> {
      await startEngine({ engine: 'cpu' });
      tensors = memory().numTensors;
      models.push(await tinyServedModel(), await tinyServedModel({ id: 'org/text', isText: true }));
    },
    /** @returns tensors that are left: none */
    async close(): Promise<number> {
      for (const model of models) await model.close();
      return memory().numTensors - tensors;
    },
    appOf(options: Partial<AppOptions> = {}) {
      const { app } = createApp({ models, ...options });
      return (path: string, init?: RequestInit) => app.request(path, init);
    },
  };
}
