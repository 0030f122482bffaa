import type { Terminal } from './terminal.js';

/** One call of a command. */
export interface Invocation<Values> {
  /** The arguments that are not options, in order. */
  readonly positionals: readonly string[];
  readonly options: Values;
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** An option without a value: `--json`. */
export interface FlagOption {
  readonly type: 'flag';
  readonly description: string;
}

/** An option with a value: `--out DIR`. */
export interface ValueOption {
  readonly type: 'text' | 'integer' | 'number';
  /** What stands for the value in the help: `DIR`. */
  readonly placeholder: string;
  readonly description: string;
  /** A letter that stands for it: `n` for `-n 4`. */
  readonly short?: string;
  /** The smallest number allowed. */
  readonly minimum?: number;
  /** Whether an empty text is allowed. */
  readonly allowEmpty?: true;
}

export type CommandOption = FlagOption | ValueOption;

/** Options by their camelCase names; on the command line they are kebab-case. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

export interface CommandArgument {
  /** Name in the help: `CONFIG`. */
  readonly name: string;
  readonly description: string;
  /** Takes all words that follow. Only the last argument may do so. */
  readonly many?: boolean;
  readonly optional?: boolean;
}

export type OptionValues<Options extends CommandOptions> = {
  readonly [Name in keyof Options]: Options[Name] extends FlagOption
    ? boolean
    : Options[Name]['type'] extends 'text'
      ? string | undefined
      : number | undefined;
};

export interface Command<Options extends CommandOptions = CommandOptions> {
  /** One or two words: `train`, `score coco-caption`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Further paragraphs of the help. */
  readonly details?: string;
  readonly arguments: readonly CommandArgument[];
  readonly options: Options;
  readonly examples: readonly { readonly command: string; readonly meaning: string }[];
  run(invocation: Invocation<OptionValues<Options>>): Promise<void>;
}

/** Any command, whatever its options. */
export type AnyCommand = Omit<Command, 'run'> & { run(invocation: Invocation<never>): Promise<void> };

/** Returns the command unchanged and infers the types of its options. */
export function defineCommand<const Options extends CommandOptions>(
  command: Command<Options>,
): Command<Options> {
  return command;
}
