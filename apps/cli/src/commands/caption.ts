import { defineCommand } from '../command/define-command.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { AS_STORED_OPTION, DECODING_OPTIONS, ENGINE_OPTION, JSON_OPTION, THREADS_OPTION } from './options.js';

export const captionCommand = defineCommand({
  name: 'caption',
  summary: 'Say what pictures show, with the model of a run.',
  arguments: [
    { name: 'RUN', description: 'the folder of a run' },
    { name: 'PICTURE', description: 'JPEG, PNG, WebP, GIF, TIFF or BMP files', many: true },
  ],
  options: {
    json: JSON_OPTION,
    asStored: AS_STORED_OPTION,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    ...DECODING_OPTIONS,
    beams: {
      ...DECODING_OPTIONS.beams,
      description: "number of beams; 1: no beam search (default: the config's)",
    },
    maxNewTokens: { type: 'integer', placeholder: 'N', description: 'longest caption in tokens', minimum: 1 },
  },
  examples: [
    { command: 'eim caption runs/demo-eim holiday.jpg', meaning: 'caption one picture' },
    { command: 'eim caption runs/demo-eim *.png --json', meaning: 'caption many, for a program' },
  ],
  async run(invocation) {
    const { captionFiles } = await import('@eim/runs');
    const {
      positionals: [run, ...files],
      options,
      terminal,
    } = invocation;
    const captions = await withContext(invocation, (context) =>
      captionFiles(run!, files, { ...options, ...context }),
    );
    printResult(terminal, options.json, {
      document: captions,
      text: () =>
        captions.length === 1
          ? captions[0]!.caption
          : captions.map(({ picture, caption }) => `${picture}\t${caption}`).join('\n'),
    });
  },
});
