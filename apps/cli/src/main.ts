import type { AnyCommand } from './command/define-command.js';
import { commandsOf, findCommand } from './command/find-command.js';
import { commandHelp, groupHelp, overviewHelp } from './command/help.js';
import { parseArguments } from './command/parse-arguments.js';
import { processTerminal, type Terminal } from './command/terminal.js';
import { COMMANDS } from './commands/index.js';
import { exitCodeOf } from './exit-code.js';
import { watchInterrupts } from './interrupts.js';
import { reportError } from './report-error.js';
import { explainSystemError } from './system-error.js';
import { VERSION } from './version.js';

/**
 * Runs one call of the `eim` command and sets the process's exit code: 0 done, 1 failed, 2 the user's
 * mistake, 130 interrupted. Never throws.
 *
 * @param words what was typed after `eim`
 */
export async function main(words: readonly string[]): Promise<void> {
  const terminal = processTerminal();
  // A reader that closes early (`eim ... | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.exitCode = await runCommandLine(words, terminal, COMMANDS);
}

/** Like `main`, with its whole environment passed in. @returns the exit code */
export async function runCommandLine(
  words: readonly string[],
  terminal: Terminal,
  commands: readonly AnyCommand[],
): Promise<number> {
  const interrupts = watchInterrupts(terminal);
  try {
    await dispatch(words, terminal, commands, interrupts.signal);
    return 0;
  } catch (error) {
    const explained = explainSystemError(error);
    reportError(explained, terminal, words.includes('--json'));
    return exitCodeOf(explained);
  } finally {
    interrupts.stop();
  }
}

async function dispatch(
  words: readonly string[],
  terminal: Terminal,
  commands: readonly AnyCommand[],
  signal: AbortSignal,
): Promise<void> {
  const [first] = words;
  const group = groupAskedFor(words, commands);
  if (first === '--version') {
    terminal.stdout.write(`${VERSION}\n`);
  } else if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && !words[1])) {
    terminal.stdout.write(overviewHelp(commands, VERSION));
  } else if (group !== undefined) {
    terminal.stdout.write(groupHelp(group, commands));
  } else if (first === 'help') {
    terminal.stdout.write(commandHelp(findCommand(commands, words.slice(1)).command));
  } else {
    const { command, rest } = findCommand(commands, words);
    const { positionals, options, help } = parseArguments(command, rest);
    if (help) terminal.stdout.write(commandHelp(command));
    else await command.run({ positionals, options: options as never, terminal, signal });
  }
}

/** The first word of several commands whose help is asked for: `eim bench --help`, `eim help bench`. */
function groupAskedFor(words: readonly string[], commands: readonly AnyCommand[]): string | undefined {
  const [first, second] = words;
  if (words.length !== 2) return undefined;
  const word = first === 'help' ? second! : ['--help', '-h'].includes(second!) ? first! : undefined;
  if (word === undefined || commands.some(({ name }) => name === word)) return undefined;
  return commandsOf(word, commands).length > 0 ? word : undefined;
}
