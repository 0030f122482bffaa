import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** One model that llama.cpp has loaded. */
export interface LlamaCppModel {
  /** Ids of a text, without special tokens. */
  tokenize(text: string): number[];
  /** Greedy ids behind a prompt, what ends an answer included. */
  greedy(prompt: readonly number[], count: number): Promise<number[]>;
}

/** The part of node-llama-cpp that is called. */
interface NodeLlamaCpp {
  getLlama(options: { gpu: false; build: 'never'; maxThreads: number }): Promise<{
    loadModel(options: { modelPath: string }): Promise<{
      tokenize(text: string): number[];
      createContext(options: { contextSize: number; threads: number }): Promise<{
        getSequence(): {
          clearHistory(): Promise<void>;
          evaluate(
            tokens: readonly number[],
            options: { temperature: number; yieldEogToken: boolean },
          ): AsyncIterable<number>;
        };
      }>;
    }>;
  }>;
}

/** Loads a GGUF file by node-llama-cpp of a project where it is installed. */
export async function openLlamaCpp(project: string, file: string): Promise<LlamaCppModel> {
  const resolved = createRequire(join(project, 'package.json')).resolve('node-llama-cpp');
  const { getLlama } = (await import(pathToFileURL(resolved).href)) as NodeLlamaCpp;
  const llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1 });
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize: 512, threads: 1 });
  const sequence = context.getSequence();
  return {
    tokenize: (text) => [...model.tokenize(text)],
    greedy: async (prompt, count) => {
      await sequence.clearHistory();
      const ids: number[] = [];
      for await (const id of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
        ids.push(id);
        if (ids.length === count) break;
      }
      return ids;
    },
  };
}
