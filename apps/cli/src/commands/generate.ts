import { resolve } from 'node:path';
import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { growYoungSlowly } from '../command/grow-young-slowly.js';
import { parseModelSpec, SPEC_DETAILS } from '../command/model-spec.js';
import { parseIds } from '../command/parse-ids.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import {
  CHAT_TEMPLATE_OPTION,
  COMPUTE_OPTION,
  DECODING_OPTIONS,
  ENGINE_OPTION,
  JSON_OPTION,
  THREADS_OPTION,
  WEIGHTS_OPTION,
} from './options.js';

/** Greatest number of new tokens without --max-new-tokens. */
const DEFAULT_NEW_TOKENS = 64;

export const generateCommand = defineCommand({
  name: 'generate',
  summary: 'Continue a text with a published LLM.',
  details: `Greedy unless --temperature or --beams say otherwise. --prompt stands between the tokens that its tokenizer puts
around a text; --chat is written by the model's chat template up to where the next answer begins; --ids stands alone and
needs no tokenizer. The text is streamed; with --json it comes at the end as
{"ids": [...], "text": "..."}, holding the new tokens alone, or with "textMissing" and the reason where the tokenizer cannot be used,
beside "stats": seconds of loading, prompt and decoding, tokens, and the most memory held.

${SPEC_DETAILS}`,
  arguments: [],
  options: {
    llm: { type: 'text', placeholder: 'SPEC', description: 'the LLM' },
    weights: WEIGHTS_OPTION,
    adapter: {
      type: 'text',
      placeholder: 'DIR',
      description: 'LoRA of peft to read the weights with: adapter_config.json and adapter_model.safetensors',
    },
    tokenizer: {
      type: 'text',
      placeholder: 'PATH',
      description: 'its tokenizer (default: the one that comes with it)',
    },
    prompt: { type: 'text', placeholder: 'TEXT', description: 'what to continue', allowEmpty: true },
    chat: {
      type: 'text',
      placeholder: 'FILE',
      description: 'what to continue, as JSON: [{"role": "user", "content": "Hello"}]',
    },
    chatTemplate: CHAT_TEMPLATE_OPTION,
    ids: { type: 'text', placeholder: 'IDS', description: 'what to continue, as token ids: 1,2,3' },
    maxNewTokens: {
      type: 'integer',
      placeholder: 'N',
      description: `longest answer in tokens (default: ${DEFAULT_NEW_TOKENS})`,
      minimum: 1,
    },
    ...DECODING_OPTIONS,
    stop: { type: 'text', placeholder: 'TEXT', description: 'stop before this text' },
    ignoreEos: { type: 'flag', description: 'go on after the end token' },
    parseSpecialTokens: {
      type: 'flag',
      description: 'read <s>, <|endoftext|> and the like in the prompt as tokens',
    },
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    compute: COMPUTE_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    {
      command: 'eim generate --llm path/to/gpt2 --prompt "The quick brown" --max-new-tokens 20',
      meaning: 'GPT-2',
    },
    {
      command: 'eim generate --llm model.gguf --prompt "Once" --temperature 0.8 --top-p 0.9 --seed 3',
      meaning: 'sample from a GGUF model',
    },
    {
      command: 'eim generate --llm SmolLM2-135M-Instruct.gguf --chat messages.json',
      meaning: 'ask a chat model',
    },
    {
      command:
        'eim generate --llm stories260K.bin --tokenizer tok512.bin --prompt "" --max-new-tokens 200 --json',
      meaning: 'a whole story, for a program',
    },
  ],
  async run(invocation) {
    growYoungSlowly();
    const { options, terminal } = invocation;
    const { llm, weights, adapter, json, prompt, maxNewTokens } = options;
    if (llm === undefined) throw argumentError('`eim generate` needs --llm SPEC.', SPEC_DETAILS);
    if ([prompt, options.chat, options.ids].filter((given) => given !== undefined).length !== 1) {
      throw argumentError(
        'Exactly one of --prompt, --chat and --ids says what to continue.',
        'Write --prompt TEXT, --chat FILE, or --ids 1,2,3.',
      );
    }
    const ids = options.ids === undefined ? undefined : parseIds(options.ids);
    const spec = { ...parseModelSpec('--llm', llm, weights, terminal.workingFolder), adapter };
    const { generateText, readConversation, readJson } = await import('@eim/runs/texts');
    const file = options.chat === undefined ? undefined : resolve(terminal.workingFolder, options.chat);
    const chat = file === undefined ? undefined : readConversation(await readJson(file), file);
    const generated = await withContext(invocation, (context) =>
      generateText({
        ...options,
        ...context,
        compute: context.compute,
        llm: spec,
        ids,
        chat,
        maxNewTokens: maxNewTokens ?? DEFAULT_NEW_TOKENS,
        ...(json ? {} : { onText: (text: string) => void terminal.stdout.write(text) }),
      }),
    );
    printResult(terminal, json, { document: generated, text: () => '' });
  },
});
