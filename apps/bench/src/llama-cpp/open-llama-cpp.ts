import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface LlamaCppOptions {
  readonly threads: number;
  /** Tokens that the context has room for. */
  readonly contextSize: number;
}

/** One model that llama.cpp has loaded, with one sequence. */
export interface LlamaCppModel {
  /** Ids of a text, without special tokens. */
  tokenize(text: string): number[];
  /** Greedy ids behind a prompt, one by one, what ends an answer included; earlier prompts are forgotten. */
  greedy(prompt: readonly number[]): AsyncIterable<number>;
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
export async function openLlamaCpp(
  project: string,
  file: string,
  { threads, contextSize }: LlamaCppOptions,
): Promise<LlamaCppModel> {
  const resolved = createRequire(join(project, 'package.json')).resolve('node-llama-cpp');
  const { getLlama } = (await import(pathToFileURL(resolved).href)) as NodeLlamaCpp;
  const llama = await getLlama({ gpu: false, build: 'never', maxThreads: threads });
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize, threads });
  const sequence = context.getSequence();
  return {
    tokenize: (text) => [...model.tokenize(text)],
    async *greedy(prompt) {
      await sequence.clearHistory();
      yield* sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true });
    },
  };
}
