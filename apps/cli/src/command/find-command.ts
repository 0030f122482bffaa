import { argumentError, suggest } from '@eim/runs/arguments';
import type { AnyCommand } from './define-command.js';

/** The command that the first one or two words name, and what follows them. */
export function findCommand(
  commands: readonly AnyCommand[],
  words: readonly string[],
): { command: AnyCommand; rest: readonly string[] } {
  for (const count of [2, 1]) {
    const command = commands.find(({ name }) => name === words.slice(0, count).join(' '));
    if (command) return { command, rest: words.slice(count) };
  }
  const [first = '', second] = words;
  const group = commandsOf(first, commands).map(({ name }) => name);
  if (group.length > 0) {
    const named = second === undefined || second.startsWith('-') ? '' : ` does not know "${second}":`;
    throw argumentError(
      `\`eim ${first}\`${named || ' needs to know what to do:'} ${list(group)}.`,
      'See `eim --help`.',
    );
  }
  const meant = suggest(
    first,
    commands.flatMap(({ name }) => [name, ...name.split(' ').slice(0, 1)]),
  );
  throw argumentError(
    `Unknown command "${first}".`,
    meant ? `Did you mean \`eim ${meant}\`?` : 'See `eim --help`.',
  );
}

/** The commands that begin with a word and go on. */
export const commandsOf = (word: string, commands: readonly AnyCommand[]): readonly AnyCommand[] =>
  commands.filter(({ name }) => name.startsWith(`${word} `));

function list(names: readonly string[]): string {
  return names.map((name) => `\`eim ${name}\``).join(' or ');
}
