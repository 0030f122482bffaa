import type { PreTokenizerRuleName } from './pre-tokenizer-rules.js';

/** What a kind of pre-tokenizer implies. */
export interface PreTokenizerKind {
  readonly rule: PreTokenizerRuleName;
  /** A piece that is a token is not merged anew. */
  readonly ignoreMerges?: true;
  /** The begin token is put before a text, unless the file says otherwise. */
  readonly putsBegin?: true;
}

const of = (names: string, kind: PreTokenizerKind) => names.split(' ').map((name) => [name, kind] as const);

/**
 * The kinds of byte-level pre-tokenizers by the names that `tokenizer.ggml.pre` gives them (llama.cpp,
 * src/llama-vocab.cpp, `llama_vocab::impl::load`).
 */
export const PRE_TOKENIZER_KINDS: ReadonlyMap<string, PreTokenizerKind> = new Map([
  ...of('default', { rule: 'default' }),
  ...of('gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert', {
    rule: 'gpt2',
  }),
  ...of('jina-v1-en jina-v2-code roberta-bpe mpt olmo jais trillion granite-docling exaone4', {
    rule: 'gpt2',
  }),
  ...of('llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano', {
    rule: 'llama3',
    ignoreMerges: true,
    putsBegin: true,
  }),
  ...of('dbrx smaug-bpe glm4 chatglm-bpe', { rule: 'llama3' }),
  ...of('jais-2', { rule: 'jais2' }),
  ...of('qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open grok-2', { rule: 'qwen2' }),
  ...of('qwen35', { rule: 'qwen35' }),
  ...of('smollm starcoder refact command-r codeshell exaone minerva-7b mellum2', { rule: 'digitsThenGpt2' }),
  ...of('deepseek-llm', { rule: 'deepseekLlm' }),
  ...of('deepseek-coder', { rule: 'deepseekCoder' }),
  ...of('deepseek-v3 hunyuan-dense joyai-llm hy_v4', { rule: 'deepseekV3' }),
  ...of('spark2_5', { rule: 'spark25' }),
  ...of('youtu', { rule: 'youtu', ignoreMerges: true }),
  ...of('falcon', { rule: 'falcon' }),
  ...of('poro-chat bloom gpt3-finnish', { rule: 'bloom' }),
  ...of('viking', { rule: 'viking' }),
  ...of('tekken', { rule: 'tekken', ignoreMerges: true, putsBegin: true }),
  ...of('chameleon', { rule: 'chameleon', putsBegin: true }),
  ...of('gpt-4o llama4 kanana2 talkie minimax-m2', { rule: 'gpt4o' }),
  ...of('granite-embed-multi-97m', { rule: 'graniteEmbedding', ignoreMerges: true }),
  ...of('tiny_aya cohere2moe', { rule: 'tinyAya' }),
  ...of('kimi-k2', { rule: 'kimiK2' }),
  ...of('superbpe', { rule: 'superBpe' }),
  ...of('bailingmoe bailingmoe2 llada-moe', { rule: 'bailingMoe' }),
  ...of('seed-coder', { rule: 'seedCoder' }),
  ...of('ufakzeka', { rule: 'ufakZeka' }),
  ...of('afmoe', { rule: 'afmoe' }),
  ...of('laguna', { rule: 'laguna' }),
  ...of('exaone-moe', { rule: 'exaoneMoe' }),
  ...of('minicpm5', { rule: 'miniCpm5', ignoreMerges: true }),
]);
