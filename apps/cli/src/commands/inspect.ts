import { BUILT_IN_PACKAGES } from '../built-ins.js';
import { defineCommand } from '../command/define-command.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const inspectCommand = defineCommand({
  name: 'inspect',
  summary: 'List the tensors of weights, and say which model they belong to.',
  details: `Reads headers alone: safetensors, sharded or not, PyTorch checkpoints (nothing in them is run), TorchScript
archives, GGUF and llama2.c models. Exits with 2 if a file is damaged, and says how.`,
  arguments: [
    {
      name: 'PATH',
      description:
        'a weight file, an index of shards, a model folder, or the name of a model that was pulled',
    },
  ],
  options: { json: JSON_OPTION },
  examples: [
    { command: 'eim inspect ViT-B-32.pt', meaning: "see what is in OpenAI's CLIP" },
    { command: 'eim inspect Llama-2-7b-hf --json', meaning: 'a folder, for a program' },
  ],
  async run({ positionals: [path], options, terminal }) {
    const { inspectWeights } = await import('@eim/runs');
    const { inspectionText } = await import('../text/inspection-text.js');
    const document = await inspectWeights(path!, { ...terminal, packages: BUILT_IN_PACKAGES });
    printResult(terminal, options.json, { document, text: () => inspectionText(document) });
  },
});
