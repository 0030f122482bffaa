import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** Else TensorFlow would run operations that do not need each other beside each other, on as many threads as there are cores. */
const ONE_THREAD = { ...process.env, TF_NUM_INTEROP_THREADS: '1' };

/**
 * Starts processes that know each other and gives what each of them prints last, in JSON.
 * @param script gets the arguments, its rank, and the addresses of all
 */
export async function askProcesses<Answer>(
  script: string,
  size: number,
  given: readonly (string | number)[],
): Promise<Answer[]> {
  const addresses = await freeAddresses(size);
  return Promise.all(
    addresses.map(async (_, rank) => {
      const args = [...process.execArgv, script, ...[...given, rank].map(String), ...addresses];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: ONE_THREAD });
      let said = '';
      for await (const text of child.stdout.setEncoding('utf8')) said += text;
      const last = said.trim().split('\n').at(-1) ?? '';
      if (last === '') throw new Error(`Process ${rank} of ${size} said nothing.`);
      return JSON.parse(last) as Answer;
    }),
  );
}

async function freeAddresses(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as { port: number }).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports.map((port) => `127.0.0.1:${port}`);
}
