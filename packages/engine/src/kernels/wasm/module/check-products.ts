import { BLOCK_FORMAT_NUMBERS, FAST } from '../../../quantised/block-format-numbers.js';
import { instantiate, type KernelExports, STACK_BYTES } from './kernel-exports.js';
import { setUpContext } from './set-up-context.js';

const PAGE = 65_536;

export interface ProductCheck {
  /** Products of every form equal those computed one value at a time. */
  readonly right: boolean;
  /** A multiplication and an addition are rounded once. */
  readonly fused: boolean;
}

/** Runs a build of the kernels, made for unshared memory, in a memory of its own. */
export function checkProducts(module: WebAssembly.Module): ProductCheck {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65_536 });
  let next = PAGE;
  const allocate = (bytes: number): number => {
    const place = next;
    next += Math.ceil(bytes / 64) * 64;
    return place;
  };
  const kernels = instantiate(module, memory, allocate(STACK_BYTES));
  const context = setUpContext(kernels, memory, allocate);
  const run = { kernels, context, memory, allocate };
  const sizes = [
    [1, 9, 35],
    [13, 19, 70],
  ] as const;
  const right = sizes.every(([rows, columns, inner]) =>
    [0, 1].every((turnLeft) =>
      [0, 1].every((turnRight) => isRight(run, rows, columns, inner, turnLeft, turnRight)),
    ),
  );
  return { right: right && isRightInBytes(run), fused: isFused(run) };
}

interface Run {
  readonly kernels: KernelExports;
  readonly context: number;
  readonly memory: WebAssembly.Memory;
  readonly allocate: (bytes: number) => number;
}

function multiply(
  { kernels, context, memory, allocate }: Run,
  left: Float32Array,
  right: Float32Array,
  [rows, columns, inner, turnLeft, turnRight]: readonly [number, number, number, number, number],
): Float32Array {
  const place = (values: Float32Array): number => {
    const offset = allocate(values.byteLength);
    new Float32Array(memory.buffer, offset, values.length).set(values);
    return offset;
  };
  const [a, b, out] = [place(left), place(right), place(new Float32Array(rows * columns))];
  kernels.product(context, a, b, out, 1, 0, 0, rows, columns, inner, turnLeft, turnRight, 0, 0, 0);
  return new Float32Array(memory.buffer, out, rows * columns);
}

function isRight(
  run: Run,
  rows: number,
  columns: number,
  inner: number,
  turnLeft: number,
  turnRight: number,
): boolean {
  // Small whole numbers: every sum is exact in any order.
  const left = Float32Array.from({ length: rows * inner }, (_, index) => ((index * 7) % 13) - 6);
  const right = Float32Array.from({ length: inner * columns }, (_, index) => ((index * 5) % 11) - 5);
  const product = multiply(run, left, right, [rows, columns, inner, turnLeft, turnRight]);
  return product.every((value, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      const a = left[turnLeft ? k * rows + row : row * inner + k]!;
      sum += a * right[turnRight ? column * inner + k : k * columns + column]!;
    }
    return value === sum;
  });
}

/** Five rows of 32 numbers of four bits, with a scale of 1 and every pair of numbers, times activations that are whole bytes. */
function isRightInBytes({ kernels, context, memory, allocate }: Run): boolean {
  const [rows, columns, rowBytes] = [5, 32, 18];
  const x = Float32Array.from({ length: columns }, (_, index) =>
    index === 0 ? -127 : ((index * 37) % 255) - 127,
  );
  const blocks = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    blocks[row * rowBytes + 1] = 0x3c; // 1 as a half
    for (let at = 0; at < 16; at++) blocks[row * rowBytes + 2 + at] = (255 - at * 17 + row * 53) & 255;
  }
  const [from, start, to] = [allocate(x.byteLength), allocate(blocks.length), allocate(4 * rows)];
  new Float32Array(memory.buffer, from, columns).set(x);
  new Uint8Array(memory.buffer, start, blocks.length).set(blocks);
  const format = BLOCK_FORMAT_NUMBERS.q4_0! + FAST;
  kernels.block_row_product(context, from, start, to, 1, rows, columns, format, rowBytes);
  return new Float32Array(memory.buffer, to, rows).every((value, row) => {
    let sum = 0;
    for (let at = 0; at < 16; at++) {
      const packed = blocks[row * rowBytes + 2 + at]!;
      sum += ((packed & 15) - 8) * x[at]! + ((packed >> 4) - 8) * x[at + 16]!;
    }
    return value === sum;
  });
}

function isFused(run: Run): boolean {
  const x = 1 + 2 ** -12;
  // The square's last bit is lost where it is rounded before it is added.
  const product = multiply(
    run,
    Float32Array.of(1, x),
    Float32Array.of(-Math.fround(x * x), x),
    [1, 1, 2, 0, 0],
  );
  return product[0] !== 0;
}
