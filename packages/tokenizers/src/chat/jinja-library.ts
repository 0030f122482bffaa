import {
  Environment as LibraryEnvironment,
  Interpreter as LibraryInterpreter,
  Template,
} from '@huggingface/jinja';

/** A value while a template runs. */
export interface JinjaValue {
  /** "StringValue", "ArrayValue" and the like. */
  readonly type: string;
  readonly value: unknown;
}

/** The names that a template knows. */
export interface JinjaEnvironment {
  set(name: string, value: unknown): JinjaValue;
}

/** Runs a parsed template: each part of it is one call of `evaluate`. */
export interface JinjaInterpreter {
  run(program: object): JinjaValue;
  evaluate(node: object | undefined, environment: JinjaEnvironment): JinjaValue;
}

// The library's declarations leave out the ends of file names, so Node's rules do not find the types of these two.
export const Environment = LibraryEnvironment as unknown as new () => JinjaEnvironment;
export const Interpreter = LibraryInterpreter as unknown as new (
  environment: JinjaEnvironment,
) => JinjaInterpreter;

/** @throws SyntaxError where the text is no Jinja. Blocks take the white space before and the line break behind with them. */
export const parseTemplate = (text: string): object => new Template(text).parsed as object;
