import { type AddedToken, isTokenId } from '../tokenizer-json.js';
import { ConfigFields } from './config-fields.js';

/** What stands beside the vocabulary of a published model. */
export interface TokenizerDescription {
  /** Contents of `tokenizer_config.json`. */
  readonly config?: unknown;
  /** Contents of `added_tokens.json`, which counts where the config lists no added tokens. */
  readonly addedTokens?: unknown;
  /** Contents of `special_tokens_map.json`, which counts where the config lists no added tokens. */
  readonly specialTokensMap?: unknown;
  /** `model_type` of `config.json`. */
  readonly modelType?: unknown;
}

/** What it says of ids. Absent: it does not say. */
export interface TokenizerSettings {
  /** Name of the class without "Fast": "LlamaTokenizer". */
  readonly tokenizerClass?: string;
  readonly addsBegin?: boolean;
  readonly addsEnd?: boolean;
  readonly addsPrefixSpace?: boolean;
  readonly isLegacy?: boolean;
  /** Whether text that spells a special token is text, even where such are parsed. */
  readonly splitsSpecial: boolean;
  /** Added tokens, in the order of their ids. */
  readonly added: readonly AddedToken[];
  /** Whether the config itself lists them, rather than the older files. */
  readonly isListed: boolean;
  /** Texts of the tokens that begin, end or fill texts, and of other special ones, by their fields. */
  readonly named: ReadonlyMap<string, string>;
  readonly additional: readonly string[];
}

const NAMED = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
] as const;
const PROPERTIES = ['single_word', 'lstrip', 'rstrip', 'normalized', 'special'] as const;
/** Classes of models by `model_type`, where the config names none. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['llama', 'LlamaTokenizer'],
  ['mistral', 'LlamaTokenizer'],
  ['gpt2', 'GPT2Tokenizer'],
]);

/**
 * What `tokenizer_config.json` and the older files beside it say of ids (transformers 4.57,
 * `PreTrainedTokenizerBase._from_pretrained`). Passed over are the fields that change no id: `model_max_length`,
 * `padding_side`, `truncation_side`, `model_input_names`, `clean_up_tokenization_spaces`, `chat_template`, `errors`,
 * `spaces_between_special_tokens`, `use_default_system_prompt`, `name_or_path`, `tokenizer_file`, `auto_map`.
 * @throws EimError `invalid-data` naming a field whose value has no meaning
 */
export function tokenizerSettings(description: TokenizerDescription): TokenizerSettings {
  const config = new ConfigFields(description.config ?? {}, 'tokenizer_config.json');
  config.empty('sp_model_kwargs');
  const isListed = config.get('added_tokens_decoder') !== undefined;
  // Older files count where the config lists nothing.
  const names = isListed
    ? config
    : config.with(new ConfigFields(description.specialTokensMap ?? {}, 'special_tokens_map.json'));
  const named = new Map(
    NAMED.flatMap((field) => {
      const token = names.tokenText(field);
      return token === undefined ? [] : [[field, token] as const];
    }),
  );
  const additional = names.tokenTexts('additional_special_tokens');
  const special = new Set([...named.values(), ...additional]);
  const added = isListed
    ? listedTokens(config)
    : olderTokens(new ConfigFields(description.addedTokens ?? {}, 'added_tokens.json'), special);
  const tokenizerClass =
    config.text('tokenizer_class')?.replace(/Fast$/, '') ?? CLASSES.get(String(description.modelType));
  const flags = {
    addsBegin: config.flag('add_bos_token'),
    addsEnd: config.flag('add_eos_token'),
    addsPrefixSpace: config.flag('add_prefix_space'),
    isLegacy: config.flag('legacy'),
  };
  return {
    ...Object.fromEntries(
      Object.entries({ tokenizerClass, ...flags }).filter(([, value]) => value !== undefined),
    ),
    splitsSpecial: config.flag('split_special_tokens') ?? false,
    isListed,
    added: added
      .map((token) => ({ ...token, special: token.special || special.has(token.content) }))
      .sort((a, b) => a.id - b.id),
    named,
    additional,
  };
}

function listedTokens(config: ConfigFields): AddedToken[] {
  const decoder = config.fields('added_tokens_decoder');
  return decoder.names().map((id) => {
    const token = decoder.fields(id);
    const special = token.flag('special') ?? false;
    const flags = PROPERTIES.map((name) => [name, token.flag(name) ?? (name === 'normalized' && !special)]);
    const content = token.text('content');
    if (!isTokenId(Number(id)) || content === undefined || content === '') {
      throw decoder.unfit(id, 'a token with its `content`, by its id');
    }
    return { id: Number(id), content, ...Object.fromEntries(flags) } as AddedToken;
  });
}

function olderTokens(file: ConfigFields, special: ReadonlySet<string>): AddedToken[] {
  return file.names().map((content) => {
    const id = file.get(content);
    if (!isTokenId(id) || content === '') throw file.unfit(content, 'an id');
    const isSpecial = special.has(content);
    const flags = { single_word: false, lstrip: false, rstrip: false };
    return { id, content, ...flags, normalized: !isSpecial, special: isSpecial };
  });
}
