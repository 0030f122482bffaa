// Run from the repository's root, after `npm run setup`: npm run bench -- product-blocking [rounds]
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { median } from '../engine-step/median.js';

/** Rows, inner indices and columns packed at a time. */
const BLOCKINGS = [
  [96, 256, 1024],
  [96, 256, 2048],
  [192, 128, 2048],
  [192, 256, 512],
  [192, 256, 2048],
  [192, 384, 2048],
  [384, 256, 2048],
  [192, 512, 1024],
] as const;

/** Rows, columns, inner size, and whether the left and the right factor are given transposed. */
const PRODUCTS = [
  [960, 1024, 256, 0, 0],
  [960, 256, 1024, 0, 1],
  [256, 1024, 960, 1, 0],
  [960, 2000, 256, 0, 1],
  [256, 2000, 960, 1, 0],
  [1024, 1024, 1024, 0, 0],
] as const;

const PAGE = 65_536;
const rounds = Number(process.argv[2] ?? 15);

setFlagsFromString('--experimental-wasm-relaxed-simd');
const file = new URL(
  '../../../../packages/engine/src/kernels/wasm/module/kernel-binaries.ts',
  import.meta.url,
);
const binary = Buffer.from(/relaxed:\s+'([^']*)'/.exec(readFileSync(file, 'utf8'))![1]!, 'base64');
const memory = new WebAssembly.Memory({ initial: 2048, maximum: PAGE, shared: true });
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), {
  env: { memory, now: () => performance.now() },
});
const kernels = exports as unknown as {
  readonly product: (...arguments_: number[]) => void;
  readonly __stack_pointer: WebAssembly.Global;
};
kernels.__stack_pointer.value = PAGE;
const [context, scratch, factors] = [PAGE, 2 * PAGE, 512 * PAGE];
const values = new Float32Array(memory.buffer, factors, 8e6).map(() => Math.random() - 0.5);
new Float32Array(memory.buffer, factors, 8e6).set(values);

/** Processor seconds of one product: what other programs take in between does not count. */
function seconds(
  blocking: readonly number[],
  [rows, columns, inner, turnLeft, turnRight]: readonly number[],
): number {
  // See packages/engine/wasm-kernels/context.h: one thread, the blocking, scratch.
  new Int32Array(memory.buffer, context, 6).set([1, ...blocking, scratch, 1000]);
  const left = factors;
  const right = left + rows! * inner! * 4;
  const out = right + inner! * columns! * 4;
  const before = process.cpuUsage();
  kernels.product(
    context,
    left,
    right,
    out,
    1,
    0,
    0,
    rows!,
    columns!,
    inner!,
    turnLeft!,
    turnRight!,
    0,
    0,
    0,
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

console.log(
  `node ${process.version}, one thread, relaxed SIMD, GFLOP/s of processor time, median of ${rounds} rounds`,
);
const table = BLOCKINGS.map(() => PRODUCTS.map((): number[] => []));
for (let round = -1; round < rounds; round++) {
  for (const [place, product] of PRODUCTS.entries()) {
    for (const [row, blocking] of BLOCKINGS.entries()) {
      const taken = seconds(blocking, product);
      if (round >= 0) table[row]![place]!.push((2e-9 * product[0] * product[1] * product[2]) / taken);
    }
  }
}
for (const [row, blocking] of BLOCKINGS.entries()) {
  const rates = table[row]!.map((samples) => median(samples));
  const overall = Math.exp(rates.reduce((sum, rate) => sum + Math.log(rate), 0) / rates.length);
  console.log(
    `${blocking.join(' x ').padEnd(17)}${rates.map((rate) => rate.toFixed(1).padStart(7)).join('')}   geometric mean ${overall.toFixed(2)}`,
  );
}
