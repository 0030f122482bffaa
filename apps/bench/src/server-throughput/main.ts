// Run from the repository's root, after `npm run setup`:
//     npm run bench -- server-throughput [MODEL] [--engine node] [--threads 2] [--compute fast] [--beside URL] [--samples 3]
// `eim serve MODEL` at 1, 8 and 32 clients. With `--beside` another server of OpenAI's API is measured in turn with it, such as llama.cpp's
// `llama-server -m FILE -np 32 -c 16384 -t 2 --no-webui`, with the same model.
import { parseArgs } from 'node:util';
import { startEimServe } from '../../../../tools/lib/running-server.mjs';
import { median } from '../engine-step/median.js';
import { type ClientsReport, measureServer } from './measure-server.js';

const CLIENTS = [1, 8, 32];
const NEW_TOKENS = 64;
const REQUESTS = 4;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string' },
    threads: { type: 'string' },
    compute: { type: 'string' },
    beside: { type: 'string' },
    samples: { type: 'string', default: '1' },
  },
});
const { beside, samples, ...given } = values;
const [model = 'smollm2-135m-instruct'] = positionals;
const options = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
const server = await startEimServe([model, ...options]);
const asked = { clients: CLIENTS, requests: REQUESTS, newTokens: NEW_TOKENS };
const sides = [
  { name: 'eim serve', url: server.url, model: server.models[0]! },
  ...(beside ? [{ name: beside, url: beside, model }] : []),
];
const found = new Map<string, ClientsReport[]>(sides.map(({ name }) => [name, []]));
try {
  for (let sample = 0; sample < Number(samples); sample++) {
    for (const { name, ...side } of sides) {
      found.get(name)!.push(...(await measureServer({ ...side, ...asked, first: sample * 1000 })));
    }
  }
} finally {
  await server.stop();
}

const at = (name: string, clients: number, read: (report: ClientsReport) => number) =>
  median(
    found
      .get(name)!
      .filter((each) => each.clients === clients)
      .map(read),
  );
const rate = (name: string, clients: number) => at(name, clients, ({ tokensPerSecond }) => tokensPerSecond);
console.log(
  `${[model, ...options].join(' ')}, ${REQUESTS} requests a client, ${NEW_TOKENS} new tokens at most, medians of ${samples}`,
);
for (const { name } of sides) {
  for (const clients of CLIENTS) {
    const first = at(name, clients, ({ medianFirstSeconds }) => medianFirstSeconds).toFixed(2);
    const late = at(name, clients, ({ p95FirstSeconds }) => p95FirstSeconds).toFixed(2);
    console.log(
      `${name}, ${clients} clients: ${rate(name, clients).toFixed(1)} tokens/s, first token after ${first} s (median), ${late} s (95 %)`,
    );
  }
  console.log(`${name}: 8 clients / 1: ${(rate(name, 8) / rate(name, 1)).toFixed(2)}`);
}
if (beside) {
  const ratios = CLIENTS.map(
    (clients) => `${(rate('eim serve', clients) / rate(beside, clients)).toFixed(2)} at ${clients}`,
  );
  console.log(`eim serve / ${beside}: ${ratios.join(', ')} clients`);
}
