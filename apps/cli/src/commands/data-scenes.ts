import type { SceneLayout, SceneSplit } from '@eim/datasets';
import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { parseCounts } from '../command/parse-counts.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const dataScenesCommand = defineCommand({
  name: 'data scenes',
  summary: 'Write generated scenes as files: an MME folder, or conversations.',
  details: `--layout mme: existence.txt, count.txt, position.txt and color.txt in MME's four columns (picture, question, right answer,
and in the place of a model's answer the right one again), two questions a picture, and the pictures of each task in a folder of
its name. \`eim eval RUN --benchmark mme --data DIR\` scores a run on it; tasks.txt says that MME's other tasks are not there.
--layout chat: train.jsonl, val.jsonl and test.jsonl with a conversation a line (counts, colours, places, yes and no, descriptions),
and images/; a config reads them by \`data: { use: questions, path: DIR }\`.
One seed gives the same files, byte for byte. DIR comes into being as a whole.`,
  arguments: [],
  options: {
    layout: { type: 'text', placeholder: 'NAME', description: 'mme or chat' },
    out: { type: 'text', placeholder: 'DIR', description: 'folder to write' },
    count: {
      type: 'integer',
      placeholder: 'N',
      description:
        'pictures: for mme of each task (default: 30), for chat to train on, and a tenth for val and test each (default: 1500)',
      minimum: 1,
    },
    splits: {
      type: 'text',
      placeholder: 'NAME=N,...',
      description: 'pictures by split, instead of --count; for mme one split',
    },
    seed: { type: 'integer', placeholder: 'S', description: 'seed of the scenes (default: 1)', minimum: 0 },
    testCombinations: {
      type: 'text',
      placeholder: 'KIND',
      description:
        'unseen: each test scene holds a combination that no other split has; or seen (default: unseen)',
    },
    imageSize: {
      type: 'integer',
      placeholder: 'N',
      description: 'width and height in pixels (default: 224)',
      minimum: 16,
    },
    noise: {
      type: 'number',
      placeholder: 'X',
      description: 'noise as a share of full brightness, up to 0.5 (default: 0)',
      minimum: 0,
    },
    force: { type: 'flag', description: 'write anew a folder of scenes that is there already' },
    json: JSON_OPTION,
  },
  examples: [
    { command: 'eim data scenes --layout mme --out scenes-mme', meaning: '120 pictures, 240 questions' },
    {
      command: 'eim data scenes --layout chat --out scenes-chat --seed 2 --splits train=4000,val=200',
      meaning: 'conversations to train on',
    },
  ],
  async run(invocation) {
    const { options, terminal } = invocation;
    const { layout, out, count, splits, seed, testCombinations, imageSize, noise, force } = options;
    if (layout === undefined || out === undefined)
      throw argumentError(
        '--layout and --out are needed.',
        'Write --layout mme --out DIR, or --layout chat.',
      );
    const { writeSceneFolder } = await import('@eim/runs');
    const { SCENE_SPLITS } = await import('@eim/datasets');
    const { sceneFolderText } = await import('../text/scene-folder-text.js');
    const counts = parseCounts('--splits', splits, SCENE_SPLITS);
    const written = await withContext({ ...invocation, options: {} }, ({ packages: _, ...context }) =>
      writeSceneFolder(out, {
        ...context,
        layout: layout as SceneLayout,
        ...(count !== undefined && { count }),
        ...(counts && { splits: counts as Partial<Record<SceneSplit, number>> }),
        ...(seed !== undefined && { seed }),
        ...(testCombinations !== undefined && { testCombinations: testCombinations as 'seen' | 'unseen' }),
        ...(imageSize !== undefined && { imageSize }),
        ...(noise !== undefined && { noise }),
        overwrite: force,
      }),
    );
    printResult(terminal, options.json, { document: written, text: () => sceneFolderText(written) });
  },
});
