/**
 * Meta's weights turn neighbouring elements 2i and 2i + 1 of a head together; ours, as Hugging Face's, i and
 * i + d/2. Both give the same scores once the rows of the query and key weights are put in the other order.
 * @param headSize d
 * @returns which row of Meta's weight becomes row `row` of ours
 */
export const rotaryRow =
  (headSize: number) =>
  (row: number): number => {
    const inHead = row % headSize;
    const half = Math.floor(inHead / (headSize / 2));
    const pair = inHead % (headSize / 2);
    return row - inHead + 2 * pair + half;
  };
