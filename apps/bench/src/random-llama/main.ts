// Run from the repository's root, after `npm run setup`:
//     npm run bench -- random-llama --preset 7b --form q4_0 --out FILE.gguf [--seed 1]
// A GGUF file of a published LLaMA's shape with random weights: what it says is nonsense, what it costs is what the real one costs.
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { llamaGgufLayout, llamaOptionsSchema, llamaPresets } from '@eim/llm-llama';
import { type GgufStoredTensor, storedGgufChunks } from '@eim/weights';
import { writeFileAtomically } from '@eim/weights/node';
import { madeUpVocabulary } from './made-up-vocabulary.js';
import { RANDOM_FORMS, type RandomForm, randomBlocks } from './random-blocks.js';

const { values } = parseArgs({
  options: {
    preset: { type: 'string', default: '7b' },
    form: { type: 'string', default: 'q4_0' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const { preset, form, out, seed } = values;
const presets: Readonly<Record<string, object>> = llamaPresets;
const known = Object.keys(presets).filter((name) => 'vocabularySize' in presets[name]!);
if (out === undefined || !known.includes(preset) || !(RANDOM_FORMS as readonly string[]).includes(form)) {
  console.error(
    `Give --preset (${known.join(', ')}), --form (${RANDOM_FORMS.join(', ')}) and --out FILE.gguf.`,
  );
  process.exit(2);
}
const options = llamaOptionsSchema.parse(presets[preset]);
const vocabularySize = options.vocabularySize!;
const { metadata, tensors } = llamaGgufLayout({ ...options, vocabularySize });
const ones = (length: number) => new Uint8Array(new Float32Array(length).fill(1).buffer);
const stored = tensors.map(
  ({ name, shape }, index): GgufStoredTensor =>
    shape.length < 2
      ? { name, shape, stored: 'f32', bytes: () => [ones(shape[0]!)] }
      : {
          name,
          shape,
          stored: form as RandomForm,
          bytes: () => randomBlocks(shape, form as RandomForm, 2654435761 * (Number(seed) * 1000 + index)),
        },
);
const described = {
  ...metadata,
  'general.name': { type: 'string', value: `LLaMA ${preset} of random weights` } as const,
  ...madeUpVocabulary(vocabularySize),
};
await writeFileAtomically(out, storedGgufChunks(described, stored));
console.log(`${out}: LLaMA ${preset}, ${form}, ${(statSync(out).size / 1e9).toFixed(2)} GB`);
