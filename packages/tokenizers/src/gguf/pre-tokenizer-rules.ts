import { CASED_LETTERS } from './cased-letters.js';

/** A step that cuts a text into pieces, which joined again are the text. */
export type SplitStep = RegExp | ((text: string) => readonly string[]);

/** Each step cuts the pieces of the one before it. */
export type PreTokenizerRule = readonly SplitStep[];

const WHITE = '\\p{White_Space}';
const CONTRACTIONS = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const WORD = '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+';
const SIGNS = ` ?[^${WHITE}\\p{L}\\p{N}]+`;
const LINES = `${WHITE}*[\\r\\n]+`;
const SPACES = `${WHITE}+(?!\\P{White_Space})|${WHITE}+`;
/** Words in which the ASCII letters alone have a case. */
const CASED_WORDS = (ends: string) =>
  `[^\\r\\n\\p{L}\\p{N}]?(?:(?=\\p{L})[^a-z])*(?:(?=\\p{L})[^A-Z])+${ends}` +
  `|[^\\r\\n\\p{L}\\p{N}]?(?:(?=\\p{L})[^a-z])+(?:(?=\\p{L})[^A-Z])*${ends}`;
/** Words with their combining marks. */
const MARKED_WORDS = `[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+${CONTRACTIONS}?`;
const CHINESE_AND_JAPANESE = /[一-龥぀-ゟ゠-ヿ]+/gu;
const ASCII_SIGN_AND_WORD = `[!"#$%&'()*+,\\-./:;<=>?@[\\\\\\]^_\`{|}~][A-Za-z]+`;
const WORDS_AND_SIGNS = `${ASCII_SIGN_AND_WORD}|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+`;

const any = (...alternatives: readonly string[]) => new RegExp(alternatives.join('|'), 'gu');
const GPT2 = any("'s|'t|'re|'ve|'m|'ll|'d", ' ?\\p{L}+', ' ?\\p{N}+', SIGNS, SPACES);
const QWEN2 = any(CONTRACTIONS, WORD, '\\p{N}', `${SIGNS}[\\r\\n]*`, LINES, SPACES);
const LLAMA3 = any(CONTRACTIONS, WORD, '\\p{N}{1,3}', `${SIGNS}[\\r\\n]*`, LINES, SPACES);
const LINE_RUNS = /[^\n]+|\n+/gu;
const DIGIT = /\p{N}/gu;
const PUNCTUATION = '\\p{P}$+<=>^~|';
/** Ideographs, as deepseek's rules count them. */
const IDEOGRAPHS = /[一-龥ࠀ-一가-퟿]+/gu;
const NOT_PUNCTUATED = new RegExp(` ?[^(${WHITE}|.,!?…。，、।۔،)]+`, 'gu');
const HAN =
  '\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2ebef}\\u{2f800}-\\u{2fa1f}';

/**
 * Numbers in threes from the right, the first one or two digits alone; what stands before a number goes with its
 * first digits, as in llama.cpp.
 */
function digitsInThrees(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: number, index } of text.matchAll(/\p{N}+/gu)) {
    const digits = Array.from(number);
    let at = index;
    for (let count = digits.length % 3 || 3, done = 0; done < digits.length; done += count, count = 3) {
      if (done > 0) count = 3;
      at += digits.slice(done, done + count).join('').length;
      pieces.push(text.slice(from, at));
      from = at;
    }
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/**
 * How llama.cpp splits a text before byte pairs merge (src/llama-vocab.cpp, `llm_tokenizer_bpe`; src/unicode.cpp), by
 * the kinds that it distinguishes. Categories of letters by case count as letters, as they do there.
 */
export const PRE_TOKENIZER_RULES = {
  default: [any(`[${PUNCTUATION}]+`), GPT2, /\p{N}+/gu, /[0-9][0-9][0-9]/gu],
  gpt2: [GPT2],
  llama3: [LLAMA3],
  jais2: [
    any(
      ...[CONTRACTIONS, WORD, '\\p{N}{1,3}', `${SIGNS}[\\r\\n]*`, LINES],
      ...['512', '256', '128', '64', '32', '16', '8', '4', '1,2'].map(
        (count) => `${WHITE}{${count}}(?!\\P{White_Space})`,
      ),
      WHITE,
    ),
  ],
  qwen2: [QWEN2],
  qwen35: [
    any(
      ...[CONTRACTIONS, '[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+', '\\p{N}'],
      ...[` ?[^${WHITE}\\p{L}\\p{M}\\p{N}]+[\\r\\n]*`, LINES, SPACES],
    ),
  ],
  digitsThenGpt2: [DIGIT, GPT2],
  deepseekLlm: [
    /[\r\n]/gu,
    new RegExp(`${WHITE}?[${CASED_LETTERS}]+`, 'gu'),
    new RegExp(`${WHITE}?[!-/:-~！-／：-～‘-‟\\u3000-。]+`, 'gu'),
    new RegExp(`${WHITE}+$`, 'gu'),
    IDEOGRAPHS,
    /\p{N}+/gu,
  ],
  deepseekCoder: [
    /[\r\n]/gu,
    new RegExp(`${WHITE}?\\p{L}+`, 'gu'),
    new RegExp(`${WHITE}?\\p{P}+`, 'gu'),
    IDEOGRAPHS,
    DIGIT,
  ],
  deepseekV3: [/\p{N}{1,3}/gu, CHINESE_AND_JAPANESE, any(`${WORDS_AND_SIGNS}[\\r\\n]*`, LINES, SPACES)],
  spark25: [/\p{N}{1,3}/gu, CHINESE_AND_JAPANESE, any(WORDS_AND_SIGNS, '[\\r\\n]', SPACES), DIGIT],
  youtu: [
    /[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥぀-ゟ゠-ヿ]+/gu,
    any(MARKED_WORDS, '\\p{N}', `${SIGNS}[\\r\\n/]*`, LINES, SPACES),
  ],
  falcon: [any(`[${PUNCTUATION}\`]+`), GPT2, /[0-9][0-9][0-9]/gu],
  bloom: [NOT_PUNCTUATED],
  viking: [NOT_PUNCTUATED, DIGIT],
  tekken: [any(CASED_WORDS(''), '\\p{N}', `${SIGNS}[\\r\\n/]*`, LINES, SPACES)],
  chameleon: [
    /<sentinel:[0-9]+>/gu,
    /IMGIMG[A-I]{1,4}Z/gu,
    /[\t\n]| {4}| {2}/gu,
    DIGIT,
    /[\p{P}!-/:-@[-`{-~]/gu,
    GPT2,
  ],
  gpt4o: [any(CASED_WORDS(`${CONTRACTIONS}?`), '\\p{N}{1,3}', `${SIGNS}[\\r\\n/]*`, LINES, SPACES)],
  graniteEmbedding: [
    any(
      CASED_WORDS(`${CONTRACTIONS}?`).replaceAll('(?=\\p{L})', '(?=[\\p{L}\\p{M}])'),
      ...['\\p{N}{1,3}', `${SIGNS}[\\r\\n/]*`, LINES, SPACES],
    ),
  ],
  tinyAya: [digitsInThrees, any(MARKED_WORDS, '\\p{N}{1,3}', `${SIGNS}[\\r\\n/]*`, LINES, SPACES)],
  kimiK2: [
    any(
      `[${HAN}]+`,
      `[^\\r\\n\\p{L}\\p{N}]?(?:(?![${HAN}])\\p{L})+${CONTRACTIONS}?`,
      ...['\\p{N}{1,3}', `${SIGNS}[\\r\\n]*`, LINES, SPACES],
    ),
  ],
  superBpe: [/\p{N}+/gu, /(?=(?:[0-9]{3})+(?![0-9]))/gu],
  bailingMoe: [
    any(
      "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])",
      ...[WORD, '\\p{N}', `${SIGNS}[\\r\\n]*`, `${WHITE}*[\\r\\n]`, SPACES],
    ),
  ],
  seedCoder: [any(CONTRACTIONS, WORD, '\\p{N}', ` ?[^${WHITE}\\p{L}\\p{N}\\r\\n]+`, LINES, SPACES)],
  ufakZeka: [any(WORD, '\\p{N}', `${SIGNS}[\\r\\n]*`, LINES, SPACES)],
  afmoe: [
    digitsInThrees,
    /[一-鿿㐀-䶿豈-﫿぀-ゟ゠-ヿ･-ﾟ⼀-⿟เ-๿຀-໿ក-៿က-႟ꩠ-ꩿꧠ-꧿가-힯ᄀ-ᇿ]+/gu,
    any(`${WORDS_AND_SIGNS}[\\r\\n]*`, LINES, SPACES),
  ],
  laguna: [LINE_RUNS, QWEN2],
  exaoneMoe: [
    any(
      CONTRACTIONS,
      '[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+',
      ...['\\p{N}', `${SIGNS}[\\r\\n/]?`, `${WHITE}*[\\r\\n]`, SPACES],
    ),
  ],
  miniCpm5: [/\p{N}{1,3}/gu, any(CONTRACTIONS, WORD, '\\p{N}+', `${SIGNS}[\\r\\n]*`, LINES, SPACES)],
} satisfies Readonly<Record<string, PreTokenizerRule>>;

export type PreTokenizerRuleName = keyof typeof PRE_TOKENIZER_RULES;
