import { parseArgs } from 'node:util';
import { argumentError, suggest } from '@eim/runs/arguments';
import type { AnyCommand, CommandOption } from './define-command.js';

export interface ParsedArguments {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly help: boolean;
}

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/**
 * Reads what follows a command's name. `key=value` arguments and everything after `--` are positionals.
 * @throws EimError `invalid-argument` naming the option or argument
 */
export function parseArguments(command: AnyCommand, words: readonly string[]): ParsedArguments {
  const byFlag = new Map(
    Object.entries(command.options).map(([name, option]) => [kebabCase(name), { name, option }]),
  );
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    tokens: true,
    options: {
      ...HELP,
      ...Object.fromEntries(
        [...byFlag].map(([flag, { option }]) => [
          flag,
          {
            type: option.type === 'flag' ? ('boolean' as const) : ('string' as const),
            ...(shortOf(option) !== undefined && { short: shortOf(option) }),
          },
        ]),
      ),
    },
  });
  const positionals: string[] = [];
  const values: Record<string, string | number | boolean | undefined> = {};
  for (const { name, option } of byFlag.values()) values[name] = option.type === 'flag' ? false : undefined;
  let help = false;
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.rawName === '-h') {
      help = true;
      continue;
    }
    const known = byFlag.get(token.name);
    if (!known || !(token.rawName.startsWith('--') || token.rawName === `-${shortOf(known.option)}`))
      throw unknownOption(command, token.rawName, [...byFlag.keys()]);
    values[known.name] = optionValue(token.rawName, known.option, token.value);
  }
  if (!help) checkCount(command, positionals);
  return { positionals, options: values, help };
}

/** The letter that stands for an option, if any does. */
export const shortOf = (option: CommandOption): string | undefined =>
  option.type === 'flag' ? undefined : option.short;

function unknownOption(command: AnyCommand, rawName: string, known: readonly string[]) {
  const meant = suggest(rawName.replace(/^-+/, ''), known);
  return argumentError(
    `Unknown option ${rawName} of \`eim ${command.name}\`.`,
    meant ? `Did you mean --${meant}?` : `See \`eim ${command.name} --help\`.`,
  );
}

/** The value of an option, from its text. @throws EimError `invalid-argument` naming it */
export function optionValue(rawName: string, option: CommandOption, value: string | undefined) {
  if (option.type === 'flag') {
    if (value !== undefined)
      throw argumentError(`${rawName} takes no value, got "${value}".`, `Write ${rawName} alone.`);
    return true;
  }
  if (value === undefined || (value === '' && !option.allowEmpty)) {
    throw argumentError(`${rawName} needs a value.`, `Write ${rawName} ${option.placeholder}.`);
  }
  if (option.type === 'text') return value;
  const number = Number(value);
  const minimum = option.minimum ?? Number.NEGATIVE_INFINITY;
  if (
    !Number.isFinite(number) ||
    number < minimum ||
    (option.type === 'integer' && !Number.isInteger(number))
  ) {
    const kind = option.type === 'integer' ? 'a whole number' : 'a number';
    const bound = option.minimum === undefined ? '' : ` of at least ${option.minimum}`;
    throw argumentError(
      `${rawName} takes ${kind}${bound}, got "${value}".`,
      `Write ${rawName} ${option.placeholder}.`,
    );
  }
  return number;
}

function checkCount(command: AnyCommand, positionals: readonly string[]): void {
  const required = command.arguments.filter((argument) => !argument.optional);
  const missing = required[positionals.length];
  if (missing) {
    throw argumentError(
      `\`eim ${command.name}\` needs ${missing.name}: ${missing.description}.`,
      `See \`eim ${command.name} --help\`.`,
    );
  }
  const takesMany = command.arguments.some((argument) => argument.many);
  if (!takesMany && positionals.length > command.arguments.length) {
    throw argumentError(
      `\`eim ${command.name}\` does not know what to do with "${positionals[command.arguments.length]}".`,
      `See \`eim ${command.name} --help\`.`,
    );
  }
}

/** `maxNewTokens` as `max-new-tokens`. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
