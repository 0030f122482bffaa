let total = 0;

/** Multiply-adds of all products and convolutions run since the process started. */
export function multiplyAddsSoFar(): number {
  return total;
}

/** Adds to the running count; called by whatever runs a product. */
export function addMultiplyAdds(count: number): void {
  total += count;
}
