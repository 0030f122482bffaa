import { add, dispose, fill, memory, mul, tensor, tidy } from '@tensorflow/tfjs-core';
import { joinCluster } from '../cluster/join-cluster.js';
import { RecordedStep } from '../recording/recorded-step.js';
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

const stepping = memory().numTensors;
const step = new RecordedStep({
  name: 'step of a cluster',
  // Two sums of one shape, under way at once.
  step: ({ x }) => tidy(() => [add(group.sumInStep(x!, 0), mul(group.sumInStep(mul(x!, 10), 1), 100))]),
});
for (let round = 0; round < 3; round++) {
  const x = fill([3], own + round);
  const [sum] = step.call({ inputs: { x } });
  say({ inStep: (await sum!.data())[2], recorded: step.isRecorded });
  dispose([x, sum!]);
}
step.dispose();
say({ leaked: memory().numTensors - stepping });

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
  try {
    group.sumInStep(before, 0);
  } catch (cause) {
    const { code, message } = group.explain(cause) as { code?: string; message: string };
    say({ inStepFailed: code, message });
  }
}
clearInterval(clock);
dispose(before);
process.exit(0);
