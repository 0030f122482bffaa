import { defineCommand } from '../command/define-command.js';
import { usageError } from '../command/usage-error.js';
import { printResult } from '../output.js';
import { JSON_OPTION } from './options.js';

export const scoreCocoCaptionCommand = defineCommand({
  name: 'score coco-caption',
  summary: 'Score captions of any model with the official COCO Caption metrics.',
  details: `Candidates: COCO results [{"image_id", "caption"}] or {"id": "caption"}.
References: COCO annotations, {"id": ["caption", ...]} or [{"image_id", "refs": [...]}].
Captions are split into words as the official program does, unless --pretokenized says they have been.`,
  arguments: [],
  options: {
    candidates: { type: 'text', placeholder: 'FILE', description: 'JSON file of one caption an image' },
    references: { type: 'text', placeholder: 'FILE', description: "JSON file of people's captions" },
    pretokenized: { type: 'flag', description: 'captions are words joined by spaces already' },
    subset: {
      type: 'flag',
      description: 'score the candidates there are, though other images have references',
    },
    json: JSON_OPTION,
  },
  examples: [
    {
      command: 'eim score coco-caption --candidates results.json --references captions_val2014.json --subset',
      meaning: 'score the results of a captioning model',
    },
  ],
  async run({ options: { candidates, references, pretokenized, subset, json }, terminal }) {
    if (candidates === undefined) throw usageError('--candidates is needed.', 'Write --candidates FILE.');
    if (references === undefined) throw usageError('--references is needed.', 'Write --references FILE.');
    const { scoreCocoCaption } = await import('@eim/benchmarks');
    const { readNamedJson } = await import('../scoring/read-named-json.js');
    const document = scoreCocoCaption({
      candidates: await readNamedJson(candidates),
      references: await readNamedJson(references),
      pretokenized,
      subset,
    });
    const { images, referencesPerImage: per, candidates: count, ...scores } = document;
    printResult(terminal, json, {
      document,
      text: () =>
        [
          ...Object.entries(scores).map(([metric, score]) => `${metric.padEnd(8)} ${score.toFixed(4)}`),
          `${count} candidates for ${images} images, ${per.min} to ${per.max} references each (mean ${per.mean.toFixed(2)})`,
        ].join('\n'),
    });
  },
});
