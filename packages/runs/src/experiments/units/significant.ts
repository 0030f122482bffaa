/** A number to five significant digits, which is more than a record's readers need and keeps it short. */
export function significant(value: number): number {
  return Number(value.toPrecision(5));
}
