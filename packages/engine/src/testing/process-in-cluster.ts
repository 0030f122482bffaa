import { dispose, fill, memory, tensor } from '@tensorflow/tfjs-core';
import { joinCluster } from '../cluster/join-cluster.js';
import { startEngine } from '../start/start-engine.js';

/**
 * One process of a cluster, for tests: prints a line of JSON for each thing that it does. Arguments: its rank, how it ends,
 * addresses.
 */
const [rank, ending, ...addresses] = process.argv.slice(2);
const say = (what: object) => console.log(JSON.stringify(what));
await startEngine({ engine: 'node', threads: 1 });
const own = Number(rank);
const before = tensor([own, 1, 0.1]);
const group = await joinCluster({ addresses, rank: own });

const read = async (pending: Promise<ReturnType<typeof tensor>>) => {
  const result = await pending;
  const { shape } = result;
  const values = [...(await result.data())];
  result.dispose();
  return { shape, values };
};

say({ sum: await read(group.sum(before)) });
const tensors = memory().numTensors;
for (let step = 0; step < 3; step++) {
  const gradient = fill([50_000], own + step);
  const { values } = await read(group.sum(gradient));
  gradient.dispose();
  say({ step, value: values[49_999] });
}
say({ leaked: memory().numTensors - tensors });
say({ first: await read(group.fromFirst(tensor([[own + 7, 8]]))) });
say({ gathered: await read(group.gather(tensor([[own, own * 2]]))) });

let turns = 0;
const clock = setInterval(() => (turns += 1), 5);
const last = own === addresses.length - 1;
// By then the others have what was gathered, and wait.
if (ending !== 'well' && last) await new Promise((resolve) => setTimeout(resolve, 1500));
if (ending === 'killed' && last) process.kill(process.pid, 'SIGKILL');
if (ending === 'hangs' && last) process.kill(process.pid, 'SIGSTOP');
if (ending === 'aborts' && last) {
  group.abort('the run was stopped');
  process.exit(0);
}
if (ending !== 'well') {
  await group.sum(before).catch(({ code, message, data }) => say({ failed: code, message, data, turns }));
}
clearInterval(clock);
dispose(before);
process.exit(0);
