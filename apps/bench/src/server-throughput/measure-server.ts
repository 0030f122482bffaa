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

export interface MeasuredServer {
  readonly url: string;
  /** Its name there. */
  readonly model: string;
  readonly clients: readonly number[];
  /** Requests of each client. */
  readonly requests: number;
  readonly newTokens: number;
  /** Number of the first question: those that a server has answered before lie in its cache. */
  readonly first: number;
}

const QUESTIONS = [
  'Name three colours and say where they are seen.',
  'Describe a cat to somebody who has never seen one.',
  'How does a boat float?',
  'Write about a walk along the sea in winter.',
  'What do bees do all day?',
];

/** Throughput and times to the first token, by number of clients; a first request warms up. */
export async function measureServer(server: MeasuredServer): Promise<ClientsReport[]> {
  const ask = (number: number): Promise<ClientTimes> =>
    streamOnce(server.url, {
      model: server.model,
      // of each request its own, so that nothing but the template's beginning is shared
      messages: [{ role: 'user', content: `${number}. ${QUESTIONS[number % QUESTIONS.length]}` }],
      temperature: 0,
      max_tokens: server.newTokens,
    });
  let number = server.first;
  await ask(number++);
  const reports: ClientsReport[] = [];
  for (const clients of server.clients) {
    const started = performance.now();
    const times: ClientTimes[] = [];
    const client = async () => {
      for (let request = 0; request < server.requests; request++) times.push(await ask(number++));
    };
    await Promise.all(Array.from({ length: clients }, client));
    reports.push(reportOf(clients, times, (performance.now() - started) / 1000));
  }
  return reports;
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
