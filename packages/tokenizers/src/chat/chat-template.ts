import { EimError } from '@eim/contracts';
import { formatTime } from './format-time.js';
import { Environment, parseTemplate } from './jinja-library.js';
import { PythonInterpreter } from './python-interpreter.js';

/** One turn of a conversation. Templates may read further fields. */
export interface ChatMessage {
  /** "system", "user", "assistant", or what else a template knows. */
  readonly role: string;
  readonly content?: unknown;
  readonly [field: string]: unknown;
}

/** Templates of a model by their names; one that stands alone is called "default". */
export interface ChatTemplateSource {
  readonly templates: ReadonlyMap<string, string>;
  /** Texts that a template may name: `bos_token`, `eos_token` and the like. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Where they come from, for messages. */
  readonly origin: string;
}

export interface ChatRenderOptions {
  /** Whether the text ends where the next answer begins. @default false */
  readonly addGenerationPrompt?: boolean;
  /** Name of the template. @default 'default' */
  readonly name?: string;
  /** Further values that a template may name, such as `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The time that `strftime_now` tells. @default now */
  readonly now?: Date;
}

/** Writes conversations as a model was trained to read them. */
export interface ChatTemplate {
  readonly names: readonly string[];
  /**
   * The text of a conversation, its special tokens included: encode it with `parseSpecialTokens`, and put nothing around.
   * @throws EimError `invalid-data` with the template's own message where it refuses the messages, or fails
   */
  render(messages: readonly ChatMessage[], options?: ChatRenderOptions): string;
}

/** What a template alone is called. */
export const DEFAULT_TEMPLATE = 'default';

/**
 * A chat template in Jinja, rendered as transformers renders it (`apply_chat_template`): blocks take their line breaks with
 * them, no tools and documents are given, and `raise_exception` and `strftime_now` are known. Templates run nothing but
 * Jinja.
 * @throws EimError `invalid-data` where a template is no Jinja
 * @example
 * const template = createChatTemplate({ templates: new Map([['default', text]]), variables: {}, origin: 'my template' });
 * const prompt = template.render([{ role: 'user', content: 'Hello' }], { addGenerationPrompt: true });
 */
export function createChatTemplate({ templates, variables, origin }: ChatTemplateSource): ChatTemplate {
  const names = [...templates.keys()];
  const parsed = new Map<string, object>();
  const templateNamed = (name: string): object => {
    const text = templates.get(name);
    if (text === undefined) throw unknownTemplate(name, names, origin);
    const known = parsed.get(name) ?? parse(text, origin);
    parsed.set(name, known);
    return known;
  };
  return {
    names,
    render(messages, { addGenerationPrompt = false, name = DEFAULT_TEMPLATE, now, variables: more } = {}) {
      const template = templateNamed(name);
      const given = { ...variables, messages, tools: null, documents: null, ...more };
      return run(
        template,
        { ...given, add_generation_prompt: addGenerationPrompt },
        origin,
        now ?? new Date(),
      );
    },
  };
}

function parse(text: string, origin: string): object {
  try {
    return parseTemplate(text.replace(/\r\n?/g, '\n'));
  } catch (cause) {
    throw fault(origin, `cannot be read: ${(cause as Error).message}`, cause);
  }
}

function run(template: object, values: Readonly<Record<string, unknown>>, origin: string, now: Date): string {
  try {
    const environment = new Environment();
    const constants = { true: true, false: false, none: null, True: true, False: false, None: null };
    const functions = {
      range: boundedRange,
      raise_exception(message: string) {
        throw fault(origin, `refuses the messages: ${message}`);
      },
      strftime_now: (format: string) => formatTime(now, format),
    };
    for (const [name, value] of Object.entries({ ...constants, ...functions, ...values })) {
      environment.set(name, value);
    }
    return String(new PythonInterpreter(environment, template).run(template).value);
  } catch (cause) {
    if (EimError.isInstance(cause)) throw cause;
    throw fault(origin, `fails: ${(cause as Error).message}`, cause);
  }
}

/** Jinja's sandbox has the same bound. */
const LONGEST_RANGE = 100_000;

function boundedRange(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!(length <= LONGEST_RANGE)) throw new RangeError(`a range of more than ${LONGEST_RANGE} numbers`);
  return Array.from({ length }, (_, index) => from + index * step);
}

function unknownTemplate(name: string, names: readonly string[], origin: string): EimError {
  const has = names.map((known) => `"${known}"`).join(', ') || 'none';
  return new EimError({
    code: 'invalid-argument',
    message: `${origin} has no chat template "${name}"; it has: ${has}.`,
    advice: 'Name one of its templates.',
    data: { name, names },
  });
}

function fault(origin: string, what: string, cause?: unknown): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `The chat template of ${origin} ${what}.`.replace(/\.\.$/, '.'),
    advice: 'Mend the messages, or the template.',
    data: { origin },
    cause,
  });
}
