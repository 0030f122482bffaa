import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { testedEngines } from '../testing/tested-engines.js';

const { skipped } = testedEngines().find(({ engine }) => engine === 'node')!;
const script = join(import.meta.dirname, '../testing/process-in-cluster.ts');
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What each process of a cluster says, in the order of their ranks. @param awaited how many are waited for */
async function runCluster(
  size: number,
  ending: string,
  awaited = size,
): Promise<Record<string, unknown>[][]> {
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const addresses = ports.map((port) => `127.0.0.1:${port}`);
  return Promise.all(
    addresses.map(async (_, rank) => {
      const args = ['--conditions=eim-source', '--import=tsx', script, String(rank), ending, ...addresses];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      started.push(child);
      let [output, problem] = ['', ''];
      child.stdout.on('data', (text) => (output += text));
      child.stderr.on('data', (text) => (problem += text));
      if (rank < awaited) await new Promise((resolve) => child.on('close', resolve));
      expect(problem).toBe('');
      return output
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    }),
  );
}

describe.skipIf(skipped)(`processes in a cluster${skipped ? ` (skipped: ${skipped})` : ''}`, () => {
  test.each([2, 3])('%d of them add up, share and join tensors', { timeout: 60_000 }, async (size) => {
    const all = await runCluster(size, 'well');
    const ranks = Array.from({ length: size }, (_, rank) => rank);
    const total = ranks.reduce((sum, rank) => sum + rank, 0);
    for (const said of all) {
      const [{ sum }, ...others] = said as [{ sum: { values: number[] } }, ...Record<string, unknown>[]];
      expect(sum.values.slice(0, 2)).toEqual([total, size]);
      expect(sum.values[2]).toBeCloseTo(size * 0.1, 6);
      expect(others).toEqual([
        ...[0, 1, 2].map((step) => ({ step, value: total + size * step })),
        { leaked: 0 },
        { first: { shape: [1, 2], values: [7, 8] } },
        { gathered: { shape: [size, 2], values: ranks.flatMap((rank) => [rank, rank * 2]) } },
        ...[0, 1, 2].map((round) => ({ inStep: 1001 * (total + size * round), recorded: true })),
        { leaked: 0 },
      ]);
      expect(sum).toEqual((all[0]![0] as { sum: unknown }).sum);
    }
  });

  test.each(['killed', 'aborts', 'hangs'])(
    'are told when one of them %s, which they wait for without blocking',
    { timeout: 60_000 },
    async (ending) => {
      const [first, second] = await runCluster(3, ending, 2);
      for (const said of [first!, second!]) {
        const { failed, message, data, turns } = said.at(-2)!;
        expect(said.at(-1)).toMatchObject({ inStepFailed: 'cluster-failed' });
        expect(failed).toBe('cluster-failed');
        expect(message).toContain('The cluster of 3 processes failed');
        expect(data).toMatchObject({ size: 3 });
        if (ending !== 'killed') expect(turns).toBeGreaterThan(10);
      }
    },
  );
});
