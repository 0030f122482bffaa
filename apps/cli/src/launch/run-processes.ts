import { type ChildProcess, spawn } from 'node:child_process';
import type { Terminal } from '../command/terminal.js';

/** How a process ended. */
export interface EndedProcess {
  readonly rank: number;
  /** Absent where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last that it said on standard error. */
  readonly said: string;
}

/** Characters of a process's standard error that are kept. */
const KEPT = 4000;
/** Where one has failed, the others are told by the cluster within some seconds; later they are ended. */
const MOST_SECONDS_BEHIND = 20;

/**
 * Runs several processes of this command until all have ended. The first one's output and progress are this process's.
 * @param words of each process
 * @param signal is passed on as SIGINT
 */
export async function runProcesses(
  processes: readonly (readonly string[])[],
  { terminal, signal }: { readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<readonly EndedProcess[]> {
  const children = processes.map((words) =>
    spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...words], {
      cwd: terminal.workingFolder,
      env: { ...terminal.environment, EIM_LAUNCHED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Of a Ctrl-C this process tells them, once.
      detached: true,
    }),
  );
  const stop = () => {
    for (const child of children) child.kill('SIGINT');
  };
  const end = () => {
    for (const child of children) child.kill('SIGKILL');
  };
  signal.addEventListener('abort', stop, { once: true });
  process.once('exit', end);
  let late: NodeJS.Timeout | undefined;
  try {
    return await Promise.all(
      children.map(async (child, rank) => {
        const ended = await endOf(child, rank, terminal);
        if (ended.code !== 0) late ??= setTimeout(end, MOST_SECONDS_BEHIND * 1000);
        return ended;
      }),
    );
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    process.off('exit', end);
  }
}

function endOf(child: ChildProcess, rank: number, terminal: Terminal): Promise<EndedProcess> {
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    if (rank === 0) terminal.stdout.write(text);
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEPT);
    if (rank === 0) terminal.stderr.write(text);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, ending) => resolve({ rank, code, signal: ending, said }));
  });
}
