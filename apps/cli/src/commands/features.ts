import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { parseModelSpec, SPEC_DETAILS } from '../command/model-spec.js';
import { withContext } from '../command/with-context.js';
import { printResult } from '../output.js';
import { tensorsText } from '../text/tensors-text.js';
import {
  AS_STORED_OPTION,
  ENGINE_OPTION,
  JSON_OPTION,
  OUT_OPTION,
  THREADS_OPTION,
  WEIGHTS_OPTION,
} from './options.js';

export const featuresCommand = defineCommand({
  name: 'features',
  summary: 'Encode pictures with a published image encoder.',
  details: `Writes the tensors \`pixels\` [B,H,W,3], \`pooled\` [B,D] (for CLIP the projected embedding, not normalised) and
\`tokens\` [B,N,D] as safetensors.

${SPEC_DETAILS}`,
  arguments: [{ name: 'PICTURE', description: 'JPEG, PNG, WebP, GIF or BMP files', many: true }],
  options: {
    encoder: { type: 'text', placeholder: 'SPEC', description: 'the image encoder' },
    weights: WEIGHTS_OPTION,
    out: OUT_OPTION,
    asStored: AS_STORED_OPTION,
    engine: ENGINE_OPTION,
    threads: THREADS_OPTION,
    json: JSON_OPTION,
  },
  examples: [
    {
      command: 'eim features --encoder ViT-B-32.pt cat.jpg dog.jpg --out features.safetensors',
      meaning: "OpenAI's CLIP",
    },
    {
      command:
        'eim features --encoder @eim/encoder-mobilenet#v2-1.0-224 --weights mobilenet.safetensors cat.bmp --out f.safetensors',
      meaning: 'weights that do not describe themselves',
    },
  ],
  async run(invocation) {
    const { positionals: files, options, terminal } = invocation;
    const { encoder, weights, out, asStored, json } = options;
    if (encoder === undefined) throw argumentError('`eim features` needs --encoder SPEC.', SPEC_DETAILS);
    if (out === undefined)
      throw argumentError('`eim features` needs --out FILE.', 'Say where the tensors go.');
    const spec = parseModelSpec('--encoder', encoder, weights, terminal.workingFolder);
    const { writeFeatures } = await import('@eim/runs');
    const written = await withContext(invocation, (context) =>
      writeFeatures(files, { ...context, encoder: spec, out, asStored }),
    );
    printResult(terminal, json, { document: written, text: () => tensorsText(written) });
  },
});
