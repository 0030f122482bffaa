import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { parseModelSpec, SPEC_DETAILS } from '../command/model-spec.js';
import { parseIds } from '../command/parse-ids.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { tensorsText } from '../text/tensors-text.js';
import {
  COMPUTE_OPTION,
  ENGINE_OPTION,
  JSON_OPTION,
  OUT_OPTION,
  THREADS_OPTION,
  WEIGHTS_OPTION,
} from './options.js';

export const logitsCommand = defineCommand({
  name: 'logits',
  summary: 'Compute the logits of token ids with a published LLM.',
  details: `Writes the tensor \`logits\` [1,T,V] as safetensors. No begin token is added to the ids.

${SPEC_DETAILS}`,
  arguments: [],
  options: {
    llm: { type: 'text', placeholder: 'SPEC', description: 'the LLM' },
    weights: WEIGHTS_OPTION,
    ids: { type: 'text', placeholder: 'IDS', description: 'token ids with commas: 1,2,3' },
    out: OUT_OPTION,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    compute: COMPUTE_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim logits --llm path/to/gpt2 --ids 464,2068 --out logits.safetensors', meaning: 'GPT-2' },
    {
      command: 'eim logits --llm stories260K.bin --ids 1 --out logits.safetensors',
      meaning: 'a llama2.c model',
    },
  ],
  async run(invocation) {
    const {
      options: { llm, weights, ids, out, json },
      terminal,
    } = invocation;
    if (llm === undefined) throw argumentError('`eim logits` needs --llm SPEC.', SPEC_DETAILS);
    if (ids === undefined) throw argumentError('`eim logits` needs --ids IDS.', 'Write --ids 1,2,3.');
    if (out === undefined)
      throw argumentError('`eim logits` needs --out FILE.', 'Say where the tensor goes.');
    const tokens = parseIds(ids);
    const spec = parseModelSpec('--llm', llm, weights, terminal.workingFolder);
    const { writeLogits } = await import('@eim/runs');
    const written = await withContext(invocation, (context) =>
      writeLogits({ ...context, llm: spec, ids: tokens, out }),
    );
    printResult(terminal, json, { document: written, text: () => tensorsText(written) });
  },
});
