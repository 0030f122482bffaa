import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eim, scratchFolder } from './run-eim.js';

const folder = scratchFolder();

test.each([
  ['F32', 13, '5\\.7 GiB as 32-bit floats'],
  ['BF16', 26, '5\\.7 GiB in the blocks of its file'],
] as const)(
  '%s beyond the engine’s memory is refused before any is read, with the engine that holds it',
  async (dtype, blockCount, needed) => {
    const model = join(folder, `large-${dtype}`);
    writeSparseLlama(model, { size: 4096, blockCount, dtype });
    for (const words of [
      ['logits', '--llm', model, '--ids', '1', '--out', join(folder, 'large.safetensors')],
      ['generate', '--llm', model, '--ids', '1'],
    ]) {
      const { code, out, err } = await eim(words);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(
        new RegExp(`large-${dtype} needs ${needed}, and the wasm engine can address 4\\.0 GiB`),
      );
      expect(err).toMatch(/--engine node/);
    }
    expect(existsSync(join(folder, 'large.safetensors'))).toBe(false);
  },
);

/** A LLaMA whose file has its whole length, but takes no room on the disk. */
function writeSparseLlama(
  path: string,
  { size, blockCount, dtype }: { size: number; blockCount: number; dtype: 'F32' | 'BF16' },
): void {
  mkdirSync(path);
  const bytes = dtype === 'F32' ? 4 : 2;
  const square = [size, size];
  const block: Record<string, number[]> = { input_layernorm: [size], post_attention_layernorm: [size] };
  for (const name of ['q', 'k', 'v', 'o']) block[`self_attn.${name}_proj`] = square;
  for (const name of ['gate', 'up', 'down']) block[`mlp.${name}_proj`] = square;
  const shapes: Record<string, number[]> = { 'model.norm.weight': [size] };
  for (const name of ['model.embed_tokens', 'lm_head']) shapes[`${name}.weight`] = [10, size];
  for (let layer = 0; layer < blockCount; layer++) {
    for (const [name, shape] of Object.entries(block)) shapes[`model.layers.${layer}.${name}.weight`] = shape;
  }
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const start = end;
    end += bytes * shape.reduce((product, side) => product * side, 1);
    return [name, { dtype, shape, data_offsets: [start, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = join(path, 'model.safetensors');
  writeFileSync(file, Buffer.concat([length, header]));
  truncateSync(file, 8 + header.length + end);
  const config = {
    model_type: 'llama',
    hidden_size: size,
    intermediate_size: size,
    num_attention_heads: 8,
    num_hidden_layers: blockCount,
    vocab_size: 10,
  };
  writeFileSync(join(path, 'config.json'), JSON.stringify(config));
}
