import type { AnyCommand, CommandArgument, CommandOption } from './define-command.js';
import { commandsOf } from './find-command.js';
import { kebabCase, shortOf } from './parse-arguments.js';

/** The help of one command. */
export function commandHelp(command: AnyCommand): string {
  const usage = ['eim', command.name, ...command.arguments.map(argumentUsage)];
  if (Object.keys(command.options).length > 0) usage.push('[options]');
  const sections = [`${command.summary}\n\nUsage: ${usage.join(' ')}`];
  if (command.details) sections.push(command.details);
  if (command.arguments.length > 0) {
    sections.push(
      `Arguments:\n${table(command.arguments.map(({ name, description }) => [name, description]))}`,
    );
  }
  const options = Object.entries(command.options).map(([name, option]) => optionRow(name, option));
  sections.push(`Options:\n${table([...options, ['-h, --help', 'show this']])}`);
  const examples = command.examples.map((example) => `  # ${example.meaning}\n  ${example.command}`);
  sections.push(`Examples:\n${examples.join('\n')}`);
  return `${sections.join('\n\n')}\n`;
}

/** The list of commands. */
export function overviewHelp(commands: readonly AnyCommand[], version: string): string {
  return `eim ${version}: compose an image encoder, an ST and an LLM, train them in segments, score and caption.

Usage: eim COMMAND [arguments] [options]

Commands:
${table(commands.map(({ name, summary }) => [name, summary]))}

Options:
${table([
  ['-h, --help', 'show this; `eim COMMAND --help` shows a command'],
  ['--version', 'show the version'],
])}

Exit codes: 0 done, 1 failed, 2 something to mend in what was asked for, 130 interrupted.
EIM_DEBUG=1 shows where an error arose; EIM_ENGINE names the engine to compute on.

Begin with:
  eim demo
`;
}

/** The commands that begin with the same word. */
export function groupHelp(group: string, commands: readonly AnyCommand[]): string {
  return `Usage: eim ${group} COMMAND [arguments] [options]

Commands:
${table(commandsOf(group, commands).map(({ name, summary }) => [name, summary]))}

\`eim ${group} COMMAND --help\` shows a command.
`;
}

function argumentUsage({ name, many, optional }: CommandArgument): string {
  const shown = many ? `${name}...` : name;
  return optional ? `[${shown}]` : shown;
}

function optionRow(name: string, option: CommandOption): [string, string] {
  const short = shortOf(option);
  const flag = `${short === undefined ? '' : `-${short}, `}--${kebabCase(name)}`;
  return [option.type === 'flag' ? flag : `${flag} ${option.placeholder}`, option.description];
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}
