import { defineCommand } from '../command/define-command.js';
import { usageError } from '../command/usage-error.js';
import { printResult } from '../output.js';
import { SPEC_DETAILS } from '../published/model-spec.js';
import { tensorsText } from '../published/tensors-text.js';
import { AS_STORED_OPTION, ENGINE_OPTION, JSON_OPTION, OUT_OPTION, WEIGHTS_OPTION } from './options.js';

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
  async run({ positionals: files, options: { encoder, out, json, ...options }, terminal, signal }) {
    if (encoder === undefined) throw usageError('`eim features` needs --encoder SPEC.', SPEC_DETAILS);
    if (out === undefined) throw usageError('`eim features` needs --out FILE.', 'Say where the tensors go.');
    const { writeFeatures } = await import('../published/write-features.js');
    const written = await writeFeatures(files, { ...options, encoder, out, terminal, signal });
    printResult(terminal, json, { document: written, text: () => tensorsText(written) });
  },
});
