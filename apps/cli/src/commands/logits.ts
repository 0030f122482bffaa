import { defineCommand } from '../command/define-command.js';
import { usageError } from '../command/usage-error.js';
import { printResult } from '../output.js';
import { SPEC_DETAILS } from '../published/model-spec.js';
import { tensorsText } from '../published/tensors-text.js';
import { ENGINE_OPTION, JSON_OPTION, OUT_OPTION, WEIGHTS_OPTION } from './options.js';

export const logitsCommand = defineCommand({
  name: 'logits',
  summary: 'Compute the logits of token ids with a published LLM.',
  details: `Writes the tensor \`logits\` [1,T,V] as safetensors. The ids are taken as they are: no begin token is added.

${SPEC_DETAILS}`,
  arguments: [],
  options: {
    llm: { type: 'text', placeholder: 'SPEC', description: 'the LLM' },
    weights: WEIGHTS_OPTION,
    ids: { type: 'text', placeholder: 'IDS', description: 'token ids with commas: 1,2,3' },
    out: OUT_OPTION,
    engine: ENGINE_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim logits --llm path/to/gpt2 --ids 464,2068 --out logits.safetensors', meaning: 'GPT-2' },
    {
      command: 'eim logits --llm stories260K.bin --ids 1 --out logits.safetensors',
      meaning: 'a llama2.c model',
    },
  ],
  async run({ options: { llm, ids, out, json, ...options }, terminal }) {
    if (llm === undefined) throw usageError('`eim logits` needs --llm SPEC.', SPEC_DETAILS);
    if (ids === undefined) throw usageError('`eim logits` needs --ids IDS.', 'Write --ids 1,2,3.');
    if (out === undefined) throw usageError('`eim logits` needs --out FILE.', 'Say where the tensor goes.');
    const { writeLogits } = await import('../published/write-logits.js');
    const written = await writeLogits({ ...options, llm, ids, out, terminal });
    printResult(terminal, json, { document: written, text: () => tensorsText(written) });
  },
});
