import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A process that answers every line of JSON with another. */
export interface LineProcess {
  /** What it said when it was ready: versions and threads. */
  readonly ready: string;
  readonly pid: number;
  ask<Answer>(request: { readonly work: string; readonly [name: string]: unknown }): Promise<Answer>;
  stop(): void;
}

/** Starts it; its first line is `{"ready": ...}`. */
export async function startLineProcess(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<LineProcess> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(command, [...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    const line = await lines.next();
    if (line.done) throw new Error(`'${command} ${args.join(' ')}' ended`);
    return JSON.parse(line.value) as Record<string, unknown>;
  };
  const { ready } = await next();
  return {
    ready: String(ready),
    pid: child.pid!,
    ask: async <Answer>(request: object) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return (await next()) as Answer;
    },
    stop: () => void child.kill(),
  };
}
