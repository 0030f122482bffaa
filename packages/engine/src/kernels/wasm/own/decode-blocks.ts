import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { DecodeBlocksCall } from '../../../decoding/decode-blocks-call.js';
import { decoderWords } from '../../../decoding/decoder-words.js';
import { kernelModule } from '../module/kernel-module.js';
import { FEW, PANEL_VALUES } from './block-products.js';
import { type OwnKernelCall, offsetOf } from './own-kernel-call.js';

type Inputs = Pick<DecodeBlocksCall, 'x' | 'cosine' | 'sine' | 'bias'>;

/** New positions through all blocks, in one call. @returns `[B*T, D]` */
export function decodeBlocks({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<Inputs, Omit<DecodeBlocksCall, keyof Inputs>>): TensorInfo {
  const { x, cosine, sine, bias } = inputs;
  const panelRows = x.shape[0] > FEW ? panelRowsOf(x.shape[1], attrs) : 0;
  const locate = (tensor: Tensor | undefined): number => offsetOf(backend, tensor);
  const { words, texts, blocks } = decoderWords({ ...attrs, ...inputs }, locate, panelRows);
  const { kernels, context, memory } = kernelModule(backend);
  const output = backend.makeOutput(x.shape, 'float32');
  const program = backend.makeOutput([words.length], 'int32');
  const place = offsetOf(backend, program);
  new Int32Array(memory.buffer).set(words, place / 4);
  const work = backend.makeOutput([kernels.decoder_values(place)], 'float32');
  const panel = panelRows > 0 ? panelOf(backend, panelRows, x.shape[1], attrs) : undefined;
  const to = offsetOf(backend, output);
  new Float32Array(memory.buffer).copyWithin(
    to / 4,
    offsetOf(backend, x) / 4,
    offsetOf(backend, x) / 4 + x.size,
  );
  const tables = [cosine, sine, bias].map((tensor) => offsetOf(backend, tensor)) as [number, number, number];
  const [lists, first] = [place + 4 * texts, place + 4 * blocks];
  kernels.decode_blocks(
    context,
    place,
    lists,
    first,
    to,
    ...tables,
    offsetOf(backend, work),
    offsetOf(backend, panel),
  );
  for (const used of [program, work, panel]) if (used) backend.disposeData(used.dataId);
  return output;
}

/** The longest rows of any of the matrices. */
const columnsOf = (size: number, { blocks }: Pick<DecodeBlocksCall, 'blocks'>): number =>
  Math.max(size, blocks[0]!.output.weight.columns, blocks[0]!.attentionOutput.weight.columns);

const panelRowsOf = (size: number, attrs: Pick<DecodeBlocksCall, 'blocks'>): number =>
  Math.max(16, 16 * Math.floor(PANEL_VALUES / columnsOf(size, attrs) / 16));

const panelOf = (
  backend: BackendWasm,
  rows: number,
  size: number,
  attrs: Pick<DecodeBlocksCall, 'blocks'>,
): TensorInfo => backend.makeOutput([rows, columnsOf(size, attrs)], 'float32');
