import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { FAST } from '../../../quantised/block-format-numbers.js';
import { kernelModule } from '../module/kernel-module.js';
import { type OwnKernelCall, offsetOf } from './own-kernel-call.js';

/** Rows of a matrix in blocks. */
export interface BlockRowsAttributes {
  /** As in wasm-kernels/blocks.h. */
  readonly format: number;
  /** Bytes of a row. */
  readonly rowBytes: number;
  /** The first row of those that count. */
  readonly first: number;
  readonly rows: number;
  readonly columns: number;
}

/** At most this many rows of activations are multiplied with weights where these are unpacked, without a panel: FEW_ACTIVATIONS of the kernels. */
export const FEW = 64;
/** Floats of the rows that are widened at a time. */
export const PANEL_VALUES = 2 ** 19;

const startOf = (
  backend: BackendWasm,
  blocks: TensorInfo,
  { first, rowBytes }: BlockRowsAttributes,
): number => offsetOf(backend, blocks) + first * rowBytes;

/** `x W^T`: x `[N, columns]` gives `[N, rows]`. */
export function blockProduct({
  inputs: { x, blocks },
  attrs,
  backend,
}: OwnKernelCall<{ x: TensorInfo; blocks: TensorInfo }, BlockRowsAttributes>): TensorInfo {
  const { format, rows } = attrs;
  const count = x.shape[0]!;
  if (count > FEW) return panelProduct('block_product', backend, { x, blocks }, attrs, rows);
  return rowProduct(backend, { x, blocks }, attrs, format);
}

/** The same with activations in bytes: any number of rows. */
export function fastBlockProduct({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<{ x: TensorInfo; blocks: TensorInfo }, BlockRowsAttributes>): TensorInfo {
  return rowProduct(backend, inputs, attrs, attrs.format + FAST);
}

function rowProduct(
  backend: BackendWasm,
  { x, blocks }: { readonly x: TensorInfo; readonly blocks: TensorInfo },
  attrs: BlockRowsAttributes,
  format: number,
): TensorInfo {
  const { rowBytes, rows, columns } = attrs;
  const count = x.shape[0]!;
  const output = backend.makeOutput([count, rows], 'float32');
  if (count === 0) return output;
  const { kernels, context } = kernelModule(backend);
  const [from, start, to] = [
    offsetOf(backend, x),
    startOf(backend, blocks, attrs),
    offsetOf(backend, output),
  ];
  kernels.block_row_product(context, from, start, to, count, rows, columns, format, rowBytes);
  return output;
}

/** `dy W`: dy `[N, rows]` gives `[N, columns]`. */
export function blockProductGradient({
  inputs: { dy, blocks },
  attrs,
  backend,
}: OwnKernelCall<{ dy: TensorInfo; blocks: TensorInfo }, BlockRowsAttributes>): TensorInfo {
  return panelProduct('block_product_gradient', backend, { x: dy, blocks }, attrs, attrs.columns);
}

/** A product with some rows of the weights widened at a time. @param width of the result `[N, width]` */
function panelProduct(
  kernel: 'block_product' | 'block_product_gradient',
  backend: BackendWasm,
  { x, blocks }: { readonly x: TensorInfo; readonly blocks: TensorInfo },
  attrs: BlockRowsAttributes,
  width: number,
): TensorInfo {
  const { format, rowBytes, rows, columns } = attrs;
  const count = x.shape[0]!;
  const output = backend.makeOutput([count, width], 'float32');
  if (count === 0) return output;
  withPanel(backend, attrs, (panel, panelRows) => {
    const { kernels, context } = kernelModule(backend);
    const [from, start, to] = [
      offsetOf(backend, x),
      startOf(backend, blocks, attrs),
      offsetOf(backend, output),
    ];
    const sizes = [count, rows, columns, format, rowBytes, panel, panelRows] as const;
    kernels[kernel](context, from, start, to, ...sizes);
  });
  return output;
}

/** Rows by index: the shape of `ids` with the columns added at the end. */
export function blockRows({
  inputs: { ids, blocks },
  attrs,
  backend,
}: OwnKernelCall<{ ids: TensorInfo; blocks: TensorInfo }, BlockRowsAttributes>): TensorInfo {
  const { format, rowBytes, rows, columns } = attrs;
  const output = backend.makeOutput([...ids.shape, columns], 'float32');
  const { kernels, context } = kernelModule(backend);
  const outside = kernels.block_rows(
    context,
    startOf(backend, blocks, attrs),
    offsetOf(backend, ids),
    offsetOf(backend, output),
    util.sizeFromShape(ids.shape),
    rows,
    columns,
    format,
    rowBytes,
  );
  util.assert(
    outside < 0,
    () => `embedding: index ${backend.typedArrayFromHeap(ids)[outside]} is outside 0..${rows - 1}.`,
  );
  return output;
}

/** Memory for some rows as floats, which is given back afterwards. */
function withPanel(
  backend: BackendWasm,
  { rows, columns }: BlockRowsAttributes,
  run: (panel: number, panelRows: number) => void,
): void {
  const panelRows = Math.min(rows, Math.max(16, 16 * Math.floor(PANEL_VALUES / columns / 16)));
  const panel = backend.makeOutput([panelRows, columns], 'float32');
  run(offsetOf(backend, panel), panelRows);
  backend.disposeData(panel.dataId);
}
