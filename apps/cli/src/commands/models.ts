import { defineCommand } from '../command/define-command.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const modelsCommand = defineCommand({
  name: 'models',
  summary: 'List the models that `eim pull` knows, and which are here; or remove one.',
  details: `A name stands wherever a path of weights does: after --llm, --encoder and --tokenizer, and as \`weights:\` of a
config. A path that exists comes before a name. "not fetched here" marks
models that were never fetched where this list was written, so nobody has checked its line.`,
  arguments: [],
  options: {
    remove: {
      type: 'text',
      placeholder: 'NAME',
      description: 'delete a model that was pulled, and what an unfinished pull left of it',
    },
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim models', meaning: 'see what there is' },
    { command: 'eim models --remove smollm2-135m-instruct', meaning: 'free its space' },
  ],
  async run({ options: { remove, json }, terminal }) {
    const { listModels, removeModel } = await import('@eim/runs');
    const { modelsText, removedText } = await import('../text/model-text.js');
    if (remove !== undefined) {
      const document = await removeModel(remove, terminal);
      return printResult(terminal, json, { document, text: () => removedText(document) });
    }
    const models = listModels(terminal);
    printResult(terminal, json, { document: { models }, text: () => modelsText(models) });
  },
});
