import { EimError, type Row, type Tokenizer } from '@eim/contracts';
import type { LanguageModel, ModelParts } from '@eim/contracts/model';
import { promptTokens } from '../rows/row-tokens.js';

/** A model that can answer: three parts, or an LLM by itself. */
export type AnsweringModel = Pick<ModelParts, 'llm'> & Partial<ModelParts>;

/** A row to be answered. With neither prompt nor ids it is a picture to be captioned. */
export interface AskedRow extends Partial<Pick<Row, 'prompt' | 'earlier' | 'system'>> {
  /** Takes the place of texts: all ids that the answer follows, a begin token included. */
  readonly ids?: readonly number[];
  /** Index into the pictures of the call. Absent: text alone. */
  readonly picture?: number;
}

/**
 * All ids that a row's answer follows: begin token, system text, earlier exchanges and prompt.
 * @throws EimError `invalid-argument` where there are texts and no tokenizer
 * @example
 * promptIdsOf({ prompt: 'The sea is' }, llm, llm.tokenizer);
 */
export function promptIdsOf(
  { ids, prompt = '', ...texts }: AskedRow,
  llm: LanguageModel,
  tokenizer: Tokenizer | undefined,
): readonly number[] {
  if (ids) return ids;
  if (tokenizer) {
    // A text begins as its tokenizer says, in training too; what ends an earlier answer is the model's.
    const { begin } = tokenizer.specialTokens;
    const { end, pad } = llm.specialTokens;
    const special = begin === undefined ? { end, pad } : { begin, end, pad };
    return promptTokens({ ...texts, prompt }, tokenizer, special).ids;
  }
  if (prompt === '' && !texts.system && !texts.earlier?.length) {
    const { begin } = llm.specialTokens;
    return begin === undefined ? [] : [begin];
  }
  throw new EimError({
    code: 'invalid-argument',
    message: 'A row is given as text, but the LLM has no tokenizer and none was given.',
    advice: 'Pass a tokenizer, or give the row by its ids.',
  });
}
