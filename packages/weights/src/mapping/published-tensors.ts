import { EimError, type ExportedTensor } from '@eim/contracts';
import { elementCount } from '../dtype.js';
import type { WeightRule, WeightsMap } from './weights-map.js';

/** Half of the digits of an element's place, so that both halves are exact as 32-bit floats. */
const HALF = 2 ** 16;

/**
 * The published tensors that a map makes parameters of, from the values of these: what a map reads, it also writes. It holds for
 * maps whose rules move values and compute none; the tensors come in the order of the rules.
 * @param valuesOf all values of a parameter, row-major, by its name; undefined where there is none
 * @throws EimError `invalid-argument` where a rule computes values, a parameter is missing, or no rule gives some of a tensor
 * @example
 * const values = async (name) => parameters.get(name).variable.data();
 * const tensors = await publishedTensors(weightsMap(options), values);
 * await writeFileAtomically('model.pth', pytorchChunks({ tensors }));
 */
export async function publishedTensors(
  { rules }: WeightsMap,
  valuesOf: (target: string) => Promise<Float32Array | undefined>,
): Promise<readonly ExportedTensor[]> {
  const written = new Map<string, WrittenTensor>();
  for (const rule of rules) {
    const sources = rule.sources.map(({ name, shape }) => {
      const tensor = written.get(name) ?? new WrittenTensor(name, shape);
      written.set(name, tensor);
      return tensor;
    });
    const values = await valuesOf(rule.target);
    if (!values) throw refused(`there is no parameter ${rule.target}`);
    putBack(rule, values, sources);
  }
  return [...written.values()].map((tensor) => tensor.finished());
}

/** A published tensor while parameters give it their values. */
class WrittenTensor {
  readonly size: number;
  private readonly values: Float32Array;
  private readonly isFilled: Uint8Array;

  constructor(
    private readonly name: string,
    private readonly shape: readonly number[],
  ) {
    this.size = elementCount(shape);
    this.values = new Float32Array(this.size);
    this.isFilled = new Uint8Array(this.size);
  }

  put(place: number, value: number): void {
    if (this.isFilled[place]) throw refused(`${this.name} gets some of its values twice`);
    this.isFilled[place] = 1;
    this.values[place] = value;
  }

  finished(): ExportedTensor {
    const { name, shape, values } = this;
    if (this.isFilled.includes(0)) throw refused(`no parameter gives some of the values of ${name}`);
    return { name, shape, values };
  }
}

/**
 * Where each value of a parameter comes from the rule itself tells, when it combines the places of values instead of values: once
 * their upper digits, once the lower ones. All sources count as one row of places.
 */
function putBack(rule: WeightRule, values: Float32Array, sources: readonly WrittenTensor[]): void {
  if (sources.length === 0) return;
  const starts = sources.map((_, index) => sources.slice(0, index).reduce((sum, { size }) => sum + size, 0));
  const combined = (digits: (place: number) => number) =>
    rule.combine(sources.map(({ size }, index) => digitsFrom(starts[index]!, size, digits)));
  const [upper, lower] = [combined((place) => Math.floor(place / HALF)), combined((place) => place % HALF)];
  if (upper.length !== values.length)
    throw refused(`${rule.target} has ${values.length} values, where its rule makes ${upper.length}`);
  for (let index = 0; index < values.length; index++) {
    const place = upper[index]! * HALF + lower[index]!;
    const source = sources.length === 1 ? 0 : starts.findLastIndex((start) => start <= place);
    const tensor = sources[source];
    const within = place - starts[source]!;
    if (!tensor || !Number.isInteger(within) || within >= tensor.size)
      throw refused(`the rule of ${rule.target} computes values`);
    tensor.put(within, values[index]!);
  }
}

function digitsFrom(start: number, size: number, digits: (place: number) => number): Float32Array {
  const found = new Float32Array(size);
  for (let at = 0; at < size; at++) found[at] = digits(start + at);
  return found;
}

const refused = (fault: string): EimError =>
  new EimError({ code: 'invalid-argument', message: `This weights map cannot be written back: ${fault}.` });
