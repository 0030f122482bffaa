/**
 * Two minutes of `eim serve` with 200 clients at once on loopback: most of them ask, the others are slow, leave, close half a
 * socket, or send what is too large, malformed or hostile. Exits 1 where a status is wrong, where an answer is another than
 * that of the server by itself (but for tokens whose logits lie closer than 1e-3), where memory grows beyond its bound, or where the
 * server does not end well.
 *
 *     node tools/check-server-load.mjs [MODEL] [--clients 200] [--seconds 120] [--memory 1536] [--engine wasm]
 *
 * MODEL is what `eim serve` takes; absent, a tiny model of random weights. `--memory` is how many MiB the server may take above
 * what it has when it has answered by itself.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as later } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { say } from './lib/console.mjs';
import { startEimServe } from './lib/running-server.mjs';
import { disturbances } from './lib/server-load/disturbances.mjs';
import { GreedyAnswers } from './lib/server-load/greedy-answers.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clients: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '120' },
    memory: { type: 'string', default: '1536' },
    engine: { type: 'string', default: 'wasm' },
  },
});
const [model = 'apps/server/src/__fixtures__/readme/model'] = positionals;
const MEBIBYTE = 2 ** 20;

const server = await startEimServe([model, '--engine', values.engine]);
const residentBytes = () =>
  1024 * Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
const answers = new GreedyAnswers(server.url, server.models[0]);
const faults = [];
const done = new Map();
const count = (name) => done.set(name, (done.get(name) ?? 0) + 1);

await answers.askAlone();
const atStart = residentBytes();
let highest = atStart;
const started = performance.now();
const end = started + 1000 * Number(values.seconds);
const goOn = () => performance.now() < end && faults.length < 20;

/** A client that does one thing again and again. */
async function client({ name, pause, act }) {
  while (goOn()) {
    try {
      await act();
      count(name);
    } catch (error) {
      faults.push(`${name}: ${error.message}${error.cause ? ` (${error.cause.code ?? error.cause})` : ''}`);
    }
    await later(pause);
  }
}

async function watch() {
  for (let second = 0; goOn(); second++) {
    highest = Math.max(highest, residentBytes());
    if (second % 10 === 0) {
      const left = Math.round((end - performance.now()) / 1000);
      const { equal, parted } = answers.counts;
      console.error(
        `${equal + parted} answers, ${Math.round(residentBytes() / MEBIBYTE)} MiB, ${left} s left`,
      );
    }
    await later(1000);
  }
}

const others = disturbances(server.url, server.models[0]);
const disturbing = others.flatMap((each) => Array.from({ length: each.clients }, () => each));
const asking = Array.from({ length: Math.max(1, Number(values.clients) - disturbing.length) }, (_, index) => {
  let number = index;
  return { name: 'asked', pause: 0, act: () => answers.askAmongOthers(number++, number % 2 === 0) };
});
await Promise.all([watch(), ...[...asking, ...disturbing].map(client)]);

await later(2_000);
const metrics = await (await fetch(`${server.url}/metrics`)).text();
for (const [, name, value] of metrics.matchAll(
  /^(eim_(?:running_answers|reading_answers|waiting_requests))\S* (\d+)$/gm,
)) {
  if (value !== '0') faults.push(`${name} is ${value} when nobody asks any more`);
}
await answers.askAmongOthers(0, false).catch((error) => faults.push(`afterwards: ${error.message}`));
const code = await server.stop();
if (code !== 0) faults.push(`the server ends with ${code}`);
const grown = (highest - atStart) / MEBIBYTE;
if (grown > Number(values.memory))
  faults.push(`the server took ${Math.round(grown)} MiB more than at its start`);

const { equal, parted, toldToComeAgain } = answers.counts;
for (const [name, times] of done) if (name !== 'asked') say(`${name}: ${times} times`);
for (const fault of faults) say(`fault: ${fault}`);
say(
  `${asking.length + disturbing.length} clients, ${Math.round((performance.now() - started) / 1000)} s: ${equal} answers as alone, ` +
    `${parted} that part at a near tie, ${toldToComeAgain} told to come again; memory ${Math.round(atStart / MEBIBYTE)} to at most ` +
    `${Math.round(highest / MEBIBYTE)} MiB; ${faults.length} faults`,
);
process.exit(faults.length === 0 ? 0 : 1);
