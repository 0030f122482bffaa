import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { exportForBrowsers } from '../export/export-for-browsers.js';
import { printResult } from '../output.js';
import { tensorsText } from '../text/tensors-text.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION, WEIGHTS_OPTION } from './options.js';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write a model, or a trained part, for another program or a browser.',
  details: `Writes a model, that of a run or an LLM that was published:
  web            a folder with which a browser captions and chats without a server: the page, the engine, and the weights in
                 shards, in the form they are kept in
  huggingface    an LLM as a folder for transformers: safetensors, config, tokenizer, and a card filled from the run. The encoder and
                 ST of a run stand in its folder eim/, which \`eim\` takes like any run
  gguf           an LLM of LLaMA's family as a file for llama.cpp, with tokenizer and chat template
Or a part of a run, as a PyTorch file under that program's names:
  lavin          LaVIN's ST as \`{model}\`, as its eval.py loads it
  llama-adapter  V1's flat adapter file, or V2's \`{model, config}\` with the norms of LLaMA
  clipcap        ClipCap's flat state dict, mapper and GPT-2, as predict.py loads it
  gpt2, llama    the LLM as a state dict of transformers' GPT2LMHeadModel or LlamaForCausalLM
  peft           what the LLM has learnt in low rank, as a folder that peft loads onto its published weights
What of the part the program has no place for is refused by name.`,
  arguments: [
    {
      name: 'MODEL',
      description:
        'the folder of a trained run; for web, huggingface and gguf also weights, or a pulled model',
    },
  ],
  options: {
    target: {
      type: 'text',
      placeholder: 'PROGRAM',
      description:
        'what is to read it: web, huggingface, gguf, lavin, llama-adapter, clipcap, gpt2, llama or peft',
    },
    'st-alone': {
      type: 'flag',
      description: 'leave out what the program keeps of the LLM in the same file: GPT-2, norms of LLaMA',
    },
    out: {
      type: 'text',
      placeholder: 'PATH',
      description:
        "the file or folder to write; one named after the program in the run's folder without it (not for web)",
    },
    tokenizer: {
      type: 'text',
      placeholder: 'PATH',
      description: "for huggingface and gguf: a tokenizer in place of the model's own",
    },
    quantise: {
      type: 'text',
      placeholder: 'FORM',
      description: 'for gguf: form of the matrices, f32, f16, bf16, q8_0 or q4_0 (default: f32)',
    },
    licence: {
      type: 'text',
      placeholder: 'NAME',
      description: 'for huggingface: the licence that the card states, such as apache-2.0',
    },
    weights: WEIGHTS_OPTION,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim export runs/lavin --target lavin --out checkpoint.pth', meaning: 'for LaVIN’s eval.py' },
    { command: 'eim export runs/captions --target clipcap', meaning: 'for ClipCap’s predict.py' },
    { command: 'eim export runs/demo-eim --target huggingface --out demo-hf', meaning: 'for transformers' },
    {
      command: 'eim export smollm2-135m-instruct --target web --out site',
      meaning: 'a chat that needs no server',
    },
  ],
  async run(invocation) {
    const {
      positionals: [run],
      options: { target, out, weights, json, engine, threads, ...ofPrograms },
      terminal,
    } = invocation;
    if (target === undefined) throw argumentError('`eim export` needs --target PROGRAM.', 'Such as lavin.');
    if (target === 'web') return await exportForBrowsers(invocation, { ...ofPrograms, engine, threads });
    if (weights !== undefined)
      throw argumentError('--weights goes with --target web alone.', 'Leave it out.');
    const { 'st-alone': stAlone, tokenizer, licence, quantise } = ofPrograms;
    const { exportModel } = await import('@eim/runs');
    const written = await withContext(invocation, (context) =>
      exportModel(run!, { ...context, target, out, stAlone, tokenizer, licence, quantise }),
    );
    printResult(terminal, json, { document: written, text: () => tensorsText(written) });
  },
});
