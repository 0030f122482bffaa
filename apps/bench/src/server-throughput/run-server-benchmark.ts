import { openServedModels } from '@eim/runs/serving';
import { startServer } from '@eim/server';
import { type ClientTimes, streamOnce } from './stream-once.js';

/** What some number of clients got who asked all the time. */
export interface ClientsReport {
  readonly clients: number;
  readonly requests: number;
  /** New tokens of all clients in a second. */
  readonly tokensPerSecond: number;
  /** Of the time to the first token. */
  readonly medianFirstSeconds: number;
  readonly p95FirstSeconds: number;
}

export interface ServerBenchmarkOptions {
  /** A run, a name, or a path of weights; absent with `url`. */
  readonly model: string;
  /** A server that runs already, such as llama.cpp's, in place of one of ours. */
  readonly url?: string | undefined;
  readonly clients: readonly number[];
  /** Requests of each client. */
  readonly requests: number;
  readonly newTokens: number;
}

const QUESTIONS = [
  'Name three colours and say where they are seen.',
  'Describe a cat to somebody who has never seen one.',
  'How does a boat float?',
  'Write about a walk along the sea in winter.',
  'What do bees do all day?',
];

/** Throughput and times to the first token, by number of clients; a first request warms up. */
export async function runServerBenchmark(options: ServerBenchmarkOptions): Promise<ClientsReport[]> {
  const own = options.url === undefined ? await startOwn(options.model) : undefined;
  const url = options.url ?? own!.url;
  const model = own?.id ?? options.model;
  try {
    const ask = (number: number): Promise<ClientTimes> =>
      streamOnce(url, {
        model,
        // of each request its own, so that nothing but the template's beginning is shared
        messages: [{ role: 'user', content: `${number}. ${QUESTIONS[number % QUESTIONS.length]}` }],
        temperature: 0,
        max_tokens: options.newTokens,
      });
    await ask(0);
    const reports: ClientsReport[] = [];
    let number = 1;
    for (const clients of options.clients) {
      const started = performance.now();
      const times: ClientTimes[] = [];
      const client = async () => {
        for (let request = 0; request < options.requests; request++) times.push(await ask(number++));
      };
      await Promise.all(Array.from({ length: clients }, client));
      reports.push(reportOf(clients, times, (performance.now() - started) / 1000));
    }
    return reports;
  } finally {
    await own?.stop();
  }
}

async function startOwn(model: string) {
  const packages = {
    '@eim/llm-gpt2': () => import('@eim/llm-gpt2'),
    '@eim/llm-llama': () => import('@eim/llm-llama'),
  };
  const models = await openServedModels({
    packages,
    models: [{ model: { path: model } }],
    environment: process.env,
    onNote: console.log,
  });
  const server = await startServer({ models, port: 0 });
  const stop = async () => {
    await server.close();
    for (const each of models) await each.close();
  };
  return { url: server.url, id: models[0]!.id, stop };
}

function reportOf(clients: number, times: readonly ClientTimes[], seconds: number): ClientsReport {
  const first = times.map(({ firstSeconds }) => firstSeconds).sort((a, b) => a - b);
  const quantile = (share: number) => first[Math.min(first.length - 1, Math.floor(share * first.length))]!;
  return {
    clients,
    requests: times.length,
    tokensPerSecond: times.reduce((sum, { newTokens }) => sum + newTokens, 0) / seconds,
    medianFirstSeconds: quantile(0.5),
    p95FirstSeconds: quantile(0.95),
  };
}
