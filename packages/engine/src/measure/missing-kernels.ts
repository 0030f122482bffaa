import type { DataType, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import {
  backend,
  findBackend,
  getBackend,
  getKernelsForBackend,
  type KernelBackend,
  registerKernel,
  setBackend,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

const REFERENCE = 'cpu';

/**
 * Runs one step on small inputs and names every kernel it needs that the current backend lacks, sorted. Missing
 * kernels are lent by the reference backend during the step, so that the rest of it is seen too. Returns on the
 * first one that the reference lacks as well, or whose results are complex numbers or strings. Tensors made by the step are disposed of; variables keep what the
 * step did to them.
 */
export function missingKernels(step: () => void): string[] {
  const current = getBackend();
  if (current === REFERENCE) return runStep(step, new Set());
  const present = new Set(getKernelsForBackend(current).map((config) => config.kernelName));
  const used = new Set<string>();
  const lent = getKernelsForBackend(REFERENCE).filter((config) => !present.has(config.kernelName));
  for (const config of lent) {
    registerKernel({
      kernelName: config.kernelName,
      backendName: current,
      kernelFunc: (call) => {
        used.add(config.kernelName);
        return runOnReference(config, call);
      },
    });
  }
  try {
    return runStep(step, used);
  } finally {
    for (const { kernelName } of lent) unregisterKernel(kernelName, current);
  }
}

function runStep(step: () => void, used: Set<string>): string[] {
  try {
    tidy(() => void step());
  } catch (error) {
    const name = /registered kernel '([^']+)'|Kernel '([^']+)' not registered/.exec(String(error));
    if (!name) throw error;
    used.add((name[1] ?? name[2])!);
  }
  return [...used].sort();
}

type KernelCallArguments = Parameters<KernelConfig['kernelFunc']>[0];

function runOnReference(
  config: KernelConfig,
  { inputs, attrs }: KernelCallArguments,
): TensorInfo | TensorInfo[] {
  const home = backend();
  const reference = referenceBackend();
  const move = (from: KernelBackend, to: KernelBackend, info: TensorInfo): TensorInfo => {
    const values = from.readSync(info.dataId);
    return {
      dataId: to.write(values, info.shape, info.dtype as DataType),
      shape: info.shape,
      dtype: info.dtype,
    };
  };
  // Kernels of any number of inputs get them as an array.
  const there: Record<string, TensorInfo> = Array.isArray(inputs) ? ([] as never) : {};
  for (const [name, info] of Object.entries(inputs)) if (info) there[name] = move(home, reference, info);
  const results = config.kernelFunc({ inputs: there, ...(attrs ? { attrs } : {}), backend: reference });
  const list = Array.isArray(results) ? results : [results];
  try {
    if (list.some((info) => info.dtype === 'complex64' || info.dtype === 'string')) {
      throw new Error(`Kernel '${config.kernelName}' not registered, and its result cannot be lent.`);
    }
    const back = list.map((info) => move(reference, home, info));
    return Array.isArray(results) ? back : back[0]!;
  } finally {
    for (const info of [...Object.values(there), ...list]) reference.disposeData(info.dataId);
  }
}

function referenceBackend(): KernelBackend {
  const current = getBackend();
  if (findBackend(REFERENCE) === null) {
    void setBackend(REFERENCE);
    void setBackend(current);
  }
  return findBackend(REFERENCE);
}
