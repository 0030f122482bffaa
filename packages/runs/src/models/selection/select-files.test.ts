import { expect, test } from 'vitest';
import { safePath } from './safe-path.js';
import { selectFiles } from './select-files.js';

const root = (paths: readonly string[], ...include: string[]) =>
  selectFiles('x', paths, { folder: '', include });

test.each([
  [
    ['model.safetensors', 'pytorch_model.bin', 'tf_model.h5', 'config.json'],
    ['config.json', 'model.safetensors'],
  ],
  [
    [
      'model.safetensors.index.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
      'pytorch_model.bin',
    ],
    ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors', 'model.safetensors.index.json'],
  ],
  // an index of an earlier save
  [
    ['model.safetensors', 'model.safetensors.index.json', 'model-00001-of-00001.safetensors'],
    ['model.safetensors'],
  ],
  [['pytorch_model.bin', 'training_args.bin', 'optimizer.pt'], ['pytorch_model.bin']],
  [
    ['consolidated.00.pth', 'consolidated.01.pth', 'params.json'],
    ['consolidated.00.pth', 'consolidated.01.pth', 'params.json'],
  ],
  [
    ['open_clip_pytorch_model.bin', 'open_clip_config.json'],
    ['open_clip_config.json', 'open_clip_pytorch_model.bin'],
  ],
  [
    ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf'],
    ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf'],
  ],
  [
    ['vocab.json', 'merges.txt', 'README.md', 'onnx/config.json', 'model.safetensors'],
    ['merges.txt', 'model.safetensors', 'vocab.json'],
  ],
])('of %j are taken %j', (paths, taken) => {
  expect(root(paths).paths).toEqual(taken);
});

test('a model that describes itself stands for its file, another for its folder', () => {
  expect(root(['m.gguf', 'LICENSE']).entry).toBe('m.gguf');
  expect(root(['model.safetensors', 'config.json']).entry).toBe('');
  const wheel = ['pkg/__init__.py', 'pkg/models/w.pth', 'pkg-1.dist-info/RECORD'];
  expect(selectFiles('x', wheel, { folder: undefined, include: [] })).toEqual({
    paths: ['pkg/models/w.pth'],
    entry: 'pkg/models/w.pth',
  });
});

test('what is not clear is asked, and --include answers or widens', () => {
  expect(() => root(['a.gguf', 'b.gguf'])).toThrow(
    'x holds several weight files: a.gguf, b.gguf. Choose by --include',
  );
  expect(() => root(['README.md'])).toThrow(/holds no weights/);
  expect(root(['a.gguf', 'b.gguf', 'LICENSE'], 'b.*').paths).toEqual(['LICENSE', 'b.gguf']);
  expect(root(['model.safetensors', 'onnx/a.onnx', 'onnx/b.txt'], 'onnx/').paths).toEqual([
    'model.safetensors',
    'onnx/a.onnx',
    'onnx/b.txt',
  ]);
  expect(root(['model.safetensors', 'a1.txt', 'a2.txt', 'b.txt'], '[!b][12].t?t').paths).toHaveLength(3);
});

test.each(['../x', '/x', 'a/../x', 'a//b', 'C:/x', 'a\\x', '.', ''])('%j leads out of its folder', (path) => {
  expect(() => safePath(path, 'wheel')).toThrow(/leads out of its folder/);
});
