/** Which of a batch's distinct rows are one process's: `from` up to, and without, `to` of all `of`. */
export interface RowShard {
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

/** The rows of one of several processes: as evenly as the batch can be divided, the first ones having one more. */
export function shardOf(
  { rank, size }: { readonly rank: number; readonly size: number },
  of: number,
): RowShard {
  const [each, more] = [Math.floor(of / size), of % size];
  const from = rank * each + Math.min(rank, more);
  return { from, to: from + each + (rank < more ? 1 : 0), of };
}
