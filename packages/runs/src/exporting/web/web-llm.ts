import { basename } from 'node:path';
import type { ChatTemplateSource, PublishedTokenizer } from '@eim/tokenizers';
import { openPublishedWeights } from '@eim/weights/node';
import { argumentError } from '../../arguments/argument-error.js';
import { findChatTemplates } from '../../chat/open-chat.js';
import type { CompleteContext } from '../../context.js';
import type { WebContents } from '../../in-page/web-manifest.js';
import { openTokenizerOf } from '../../model/open-tokenizer-of.js';
import { tokenizerPath } from '../../published/generation-tokenizer.js';
import { type ModelSpec, partUse } from '../../published/load-published.js';
import type { PagePackages } from './page-packages.js';
import type { ShardWriter } from './shard-writer.js';
import { writeWebWeights } from './web-weights.js';

const TOKENIZER = 'tokenizer.json';

/**
 * Writes a published LLM for a page, with its tokenizer and its chat templates.
 * @param spec with an absolute path
 * @throws EimError naming what is wrong with them; `plugin-not-found` for a package that the page does not have
 */
export async function writeWebLlm(
  spec: ModelSpec,
  writer: ShardWriter,
  packages: PagePackages,
  context: CompleteContext,
): Promise<WebContents> {
  const { path, preset } = spec;
  const found = tokenizerPath({ ...context, weights: path });
  if (found === undefined) {
    throw argumentError(`There is no tokenizer with ${path}.`, 'Put its files beside the weights.');
  }
  const use = await useOf(spec, context);
  packages.require(use);
  const chat = await findChatTemplates(found);
  const parseSpecialTokens = chat !== undefined;
  const tokenizer = await openTokenizerOf(found, { parseSpecialTokens });
  await writer.text(TOKENIZER, JSON.stringify(tokenizer.toJSON()));
  return {
    kind: 'llm',
    use,
    ...(preset !== undefined && { preset }),
    weights: await writeWebWeights('llm-weights', path, writer),
    tokenizer: { file: TOKENIZER, parseSpecialTokens, ...specialTokensOf(tokenizer) },
    ...(chat && { chat: describedChat(chat, basename(path)) }),
  };
}

/** @param origin in place of a path of this machine */
const describedChat = ({ templates, variables }: ChatTemplateSource, origin: string) => ({
  templates: Object.fromEntries(templates),
  variables: { ...variables },
  origin,
});

async function useOf(spec: ModelSpec, context: CompleteContext): Promise<string> {
  const weights = await openPublishedWeights(spec.path);
  try {
    return (await partUse('languageModels', spec, weights, context)).use;
  } finally {
    await weights.close();
  }
}

/** The names of what begins, ends and fills texts, which some tokenizers are told by the files beside them. */
function specialTokensOf(tokenizer: PublishedTokenizer) {
  const names = new Map([...tokenizer.namedSpecialTokens].map(([name, id]) => [id, name]));
  const { begin, end, pad } = tokenizer.specialTokens;
  const named = {
    begin: begin === undefined ? undefined : names.get(begin),
    end: names.get(end),
    pad: names.get(pad),
  };
  if (named.end === undefined) return {};
  return {
    specialTokens: JSON.parse(JSON.stringify(named)) as { end: string; begin?: string; pad?: string },
  };
}
