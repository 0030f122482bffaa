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
  return { right, fused: isFused(run) };
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
