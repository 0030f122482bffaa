import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { metricSources } from '../command/metric-sources.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import {
  DISTINCT_REFERENCES_OPTION,
  ENGINE_OPTION,
  JSON_OPTION,
  METRIC_OPTIONS,
  THREADS_OPTION,
} from './options.js';

export const scoreCocoCaptionCommand = defineCommand({
  name: 'score coco-caption',
  summary: 'Score captions of any model with the official COCO Caption metrics.',
  details: `Candidates: COCO results [{"image_id", "caption"}] or {"id": "caption"}.
References: COCO annotations, Karpathy's json, {"id": ["caption", ...]} or [{"image_id", "refs": [...]}].
Captions are split into words as the official program does, unless --pretokenized says that this is already done.
METEOR reads its words from METEOR 1.5's own jar, with paraphrase-en.gz beside it; SPICE runs from its own jar;
CLIPScore and RefCLIPScore need a CLIP and the pictures, whose files are named by id, or as COCO names them. A metric
without what it needs is absent, and the reason is printed.`,
  arguments: [],
  options: {
    candidates: {
      type: 'text',
      placeholder: 'FILE',
      description: 'JSON file with one caption for each image',
    },
    references: { type: 'text', placeholder: 'FILE', description: "JSON file with people's captions" },
    split: {
      type: 'text',
      placeholder: 'NAME',
      description: "split of Karpathy's json to score: train (with restval), val or test",
    },
    ...METRIC_OPTIONS,
    pictures: { type: 'text', placeholder: 'DIR', description: 'for CLIPScore: folder of the pictures' },
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    distinctReferences: DISTINCT_REFERENCES_OPTION,
    pretokenized: { type: 'flag', description: 'captions are already words joined by spaces' },
    subset: {
      type: 'flag',
      description: 'score the given candidates, even if other images have references too',
    },
    json: JSON_OPTION,
  },
  examples: [
    {
      command: 'eim score coco-caption --candidates results.json --references captions_val2014.json --subset',
      meaning: 'score the results of a captioning model',
    },
    {
      command:
        'eim score coco-caption --candidates results.json --references dataset_coco.json --split test --meteor meteor-1.5.jar',
      meaning: "on Karpathy's test split, with METEOR",
    },
    {
      command:
        'eim score coco-caption --candidates results.json --references captions_val2014.json --pictures val2014 --clip clip-vit-base-patch32',
      meaning: 'with CLIPScore and RefCLIPScore',
    },
  ],
  async run(invocation) {
    const { options, terminal } = invocation;
    const { candidates, references, json } = options;
    if (candidates === undefined) throw argumentError('--candidates is needed.', 'Write --candidates FILE.');
    if (references === undefined) throw argumentError('--references is needed.', 'Write --references FILE.');
    const sources = metricSources(options, terminal);
    const { scoreCocoFiles } = await import('@eim/runs');
    const document = await withContext(invocation, (context) =>
      scoreCocoFiles(candidates, references, { ...options, ...sources, ...context }),
    );
    const { images, referencesPerImage: per, candidates: count, absent, notes, ...scores } = document;
    printResult(terminal, json, {
      document,
      text: () =>
        [
          ...Object.entries(scores).map(([metric, score]) => `${metric.padEnd(12)} ${score.toFixed(4)}`),
          `${count} candidates for ${images} images, ${per.min} to ${per.max} references each (mean ${per.mean.toFixed(2)})`,
          ...Object.entries(absent).map(([metric, reason]) => `No ${metric}: it ${reason}`),
          ...notes,
        ].join('\n'),
    });
  },
});
