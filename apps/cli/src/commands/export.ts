import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { parseModelSpec } from '../command/model-spec.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { tensorsText } from '../text/tensors-text.js';
import { ENGINE_OPTION, JSON_OPTION, THREADS_OPTION, WEIGHTS_OPTION } from './options.js';

export const exportCommand = defineCommand({
  name: 'export',
  summary: "Write a trained part as another program's checkpoint, or a model as a web page.",
  details: `With --target web a static folder is written, DIR, with which a browser captions and chats without a server: the page, the
engine, and the weights in shards, in the form they are kept in. MODEL is then a run, the name of a model that \`eim pull\`
fetched, or a path of an LLM's weights. Otherwise MODEL is a run, and a PyTorch file under that program's names:
  lavin          LaVIN's ST as \`{model}\`, as its eval.py loads it
  llama-adapter  V1's flat adapter file, or V2's \`{model, config}\` with the norms of LLaMA
  clipcap        ClipCap's flat state dict, mapper and GPT-2, as predict.py loads it
  gpt2, llama    the LLM as a state dict of transformers' GPT2LMHeadModel or LlamaForCausalLM
  peft           what the LLM has learnt in low rank, as a folder that peft loads onto its published weights
What of the part the program has no place for is refused by name.`,
  arguments: [
    { name: 'MODEL', description: 'the folder of a trained run; for web also a name, or path of weights' },
  ],
  options: {
    target: {
      type: 'text',
      placeholder: 'PROGRAM',
      description: 'what is to read it: lavin, llama-adapter, clipcap, gpt2, llama, peft or web',
    },
    'st-alone': {
      type: 'flag',
      description: 'leave out what the program keeps of the LLM in the same file: GPT-2, norms of LLaMA',
    },
    out: {
      type: 'text',
      placeholder: 'PATH',
      description:
        "the file to write, for peft and web the folder; without it PROGRAM.pth in the run's folder (not for web)",
    },
    weights: WEIGHTS_OPTION,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim export runs/lavin --target lavin --out checkpoint.pth', meaning: 'for LaVIN’s eval.py' },
    { command: 'eim export runs/captions --target clipcap', meaning: 'for ClipCap’s predict.py' },
    {
      command: 'eim export smollm2-135m-instruct --target web --out site',
      meaning: 'a chat that needs no server',
    },
  ],
  async run(invocation) {
    const {
      positionals: [run],
      options: { target, out, 'st-alone': stAlone, json },
      terminal,
    } = invocation;
    if (target === undefined) throw argumentError('`eim export` needs --target PROGRAM.', 'Such as lavin.');
    if (target === 'web') return await exportForBrowsers(invocation.options);
    if (invocation.options.weights !== undefined) {
      throw argumentError('--weights goes with --target web alone.', 'Leave it out.');
    }
    const { exportRun } = await import('@eim/runs');
    const written = await withContext(invocation, (context) =>
      exportRun(run!, { ...context, target, out, stAlone }),
    );
    printResult(terminal, json, { document: written, text: () => tensorsText(written) });

    async function exportForBrowsers({ weights, engine, threads }: typeof invocation.options): Promise<void> {
      const foreign = Object.entries({ 'st-alone': stAlone, engine, threads }).find(([, value]) => value);
      if (foreign) throw argumentError(`--${foreign[0]} has no place with --target web.`, 'Leave it out.');
      if (out === undefined) {
        throw argumentError(
          '`eim export --target web` needs --out DIR.',
          'Name a folder that is not there yet.',
        );
      }
      const model = parseModelSpec('MODEL', run!, weights, terminal.workingFolder);
      const [{ exportWeb, shownBytes }, { pageFolder }] = await Promise.all([
        import('@eim/runs'),
        import('@eim/server'),
      ]);
      const page = pageFolder('exported');
      const site = await withContext(invocation, (context) => exportWeb({ ...context, model, page, out }));
      printResult(terminal, json, {
        document: site,
        text: () => `Written to ${site.out}: ${site.files} files, ${shownBytes(site.bytes)} of the model`,
      });
    }
  },
});
