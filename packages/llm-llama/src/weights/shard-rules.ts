import { joined, type LinearSource, placed, transposed, type WeightRule } from '@eim/weights';

/** A linear layer, its weight `[outputs, inputs]`, by its name in each shard. */
export interface LinearPart {
  /** Without `.weight`. */
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
  /** Which row of the whole weight becomes output `row`; must stay inside a head. */
  readonly rowOf?: ((row: number) => number) | undefined;
}

/** Linear weights beside each other; each is split among the shards by outputs (Meta's dimension 0). */
export function besideEachOther(
  target: string,
  shards: readonly string[],
  parts: readonly LinearPart[],
): WeightRule {
  const sources = parts.flatMap(({ name, outputs, inputs, rowOf }) =>
    shards.map(
      (shard): LinearSource => ({
        name: `${shard}${name}.weight`,
        shape: [outputs / shards.length, inputs],
        ...(rowOf && { rowOf }),
      }),
    ),
  );
  return transposed(target, ...sources);
}

/** The biases of the layers of {@link besideEachOther}, in the same order. */
export function biasesBesideEachOther(
  target: string,
  shards: readonly string[],
  parts: readonly LinearPart[],
): WeightRule {
  const sources = parts.flatMap(({ name, outputs }) =>
    shards.map((shard) => ({ name: `${shard}${name}.bias`, shape: [outputs / shards.length] })),
  );
  const { combine } = joined(target, sources);
  const orders = parts.flatMap(({ rowOf }) => shards.map(() => rowOf));
  const inOrder = (values: Float32Array, rowOf: LinearPart['rowOf']): Float32Array =>
    rowOf === undefined ? values : values.map((_, row) => values[rowOf(row)]!);
  return {
    target,
    sources,
    combine: (values) => combine(values.map((part, index) => inOrder(part, orders[index]))),
  };
}

/** A linear weight that is split among the shards by inputs (Meta's dimension 1). */
export function stackedInputs(
  target: string,
  shards: readonly string[],
  { name, outputs, inputs }: LinearPart,
): WeightRule {
  if (shards.length === 1) {
    return transposed(target, { name: `${shards[0]}${name}.weight`, shape: [outputs, inputs] });
  }
  // transposed, each shard is a run of rows, one behind the other
  const pieces = shards.map((shard) =>
    transposed('', { name: `${shard}${name}.weight`, shape: [outputs, inputs / shards.length] }),
  );
  const size = (outputs * inputs) / shards.length;
  return placed(
    target,
    pieces.flatMap(({ sources }) => sources),
    (whole, source, run) =>
      pieces[source]!.place!(whole.subarray(source * size, (source + 1) * size), 0, run),
  );
}

/** A table `[count, size]`, split among the shards by rows, or by columns as Meta's `tok_embeddings`. */
export function embeddingTable(
  target: string,
  shards: readonly string[],
  name: string,
  count: number,
  size: number,
  split: 'rows' | 'columns',
): WeightRule {
  if (split === 'rows' || shards.length === 1) {
    const shape = [count / shards.length, size];
    return joined(
      target,
      shards.map((shard) => ({ name: shard + name, shape })),
    );
  }
  const width = size / shards.length;
  return placed(
    target,
    shards.map((shard) => ({ name: shard + name, shape: [count, width] })),
    (table, shard, { at, values }) => {
      for (let from = 0; from < values.length; from += width) {
        const row = (at + from) / width;
        table.set(values.subarray(from, from + width), row * size + shard * width);
      }
    },
  );
}
