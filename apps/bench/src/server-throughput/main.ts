// Run from the repository's root, after `npm run setup`: npm run bench -- server-throughput [model] [url]
// With a url another server is measured, such as llama.cpp's `llama-server -m FILE -np 32`, asked for the same model.
import { runServerBenchmark } from './run-server-benchmark.js';

const CLIENTS = [1, 8, 32];
const NEW_TOKENS = 64;
const REQUESTS = 4;

const [model = 'smollm2-135m-instruct', url] = process.argv.slice(2);
const reports = await runServerBenchmark({
  model,
  url,
  clients: CLIENTS,
  requests: REQUESTS,
  newTokens: NEW_TOKENS,
});
console.log(`${model}${url === undefined ? '' : ` at ${url}`}, ${REQUESTS} requests a client, ${NEW_TOKENS} new tokens at most
clients  tokens/s  first token, median  first token, p95`);
for (const { clients, tokensPerSecond, medianFirstSeconds, p95FirstSeconds } of reports) {
  const [tokens, median, p95] = [
    tokensPerSecond.toFixed(1),
    `${medianFirstSeconds.toFixed(2)} s`,
    `${p95FirstSeconds.toFixed(2)} s`,
  ];
  console.log(
    `${String(clients).padStart(7)}  ${tokens.padStart(8)}  ${median.padStart(19)}  ${p95.padStart(16)}`,
  );
}
const rate = (clients: number) => reports.find((each) => each.clients === clients)!.tokensPerSecond;
console.log(`throughput at 8 clients / at 1: ${(rate(8) / rate(1)).toFixed(2)} (2.5 wanted at least)`);
