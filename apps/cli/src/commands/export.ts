import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { tensorsText } from '../text/tensors-text.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const exportCommand = defineCommand({
  name: 'export',
  summary: "Write a trained part as another program's checkpoint.",
  details: `Writes a PyTorch file under that program's names:
  lavin          LaVIN's ST as \`{model}\`, as its eval.py loads it
  llama-adapter  V1's flat adapter file, or V2's \`{model, config}\` with the norms of LLaMA
  clipcap        ClipCap's flat state dict, mapper and GPT-2, as predict.py loads it
  gpt2, llama    the LLM as a state dict of transformers' GPT2LMHeadModel or LlamaForCausalLM
  peft           what the LLM has learnt in low rank, as a folder that peft loads onto its published weights
What of the part the program has no place for is refused by name.`,
  arguments: [{ name: 'RUN', description: 'the folder of a trained run' }],
  options: {
    target: {
      type: 'text',
      placeholder: 'PROGRAM',
      description: 'the program that is to read it: lavin, llama-adapter, clipcap, gpt2, llama or peft',
    },
    'st-alone': {
      type: 'flag',
      description: 'leave out what the program keeps of the LLM in the same file: GPT-2, norms of LLaMA',
    },
    out: {
      type: 'text',
      placeholder: 'PATH',
      description: "the file to write, for peft the folder; PROGRAM.pth in the run's folder without it",
    },
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim export runs/lavin --target lavin --out checkpoint.pth', meaning: 'for LaVIN’s eval.py' },
    { command: 'eim export runs/captions --target clipcap', meaning: 'for ClipCap’s predict.py' },
  ],
  async run(invocation) {
    const {
      positionals: [run],
      options: { target, out, 'st-alone': stAlone, json },
      terminal,
    } = invocation;
    if (target === undefined) throw argumentError('`eim export` needs --target PROGRAM.', 'Such as lavin.');
    const { exportRun } = await import('@eim/runs');
    const written = await withContext(invocation, (context) =>
      exportRun(run!, { ...context, target, out, stAlone }),
    );
    printResult(terminal, json, { document: written, text: () => tensorsText(written) });
  },
});
