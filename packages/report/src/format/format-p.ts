/** A p-value with its sign: `= 0.012`, or `< 0.001` if it is smaller. */
export function formatP(pValue: number): string {
  return pValue < 0.001 ? '< 0.001' : `= ${pValue.toFixed(3)}`;
}
