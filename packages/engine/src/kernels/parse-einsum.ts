export interface EinsumEquation {
  /** The labels of each operand's axes. */
  readonly terms: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/** The labels of an equation such as `bij,bjk->bik`. */
export function parseEinsum(equation: string): EinsumEquation {
  const [inputs, output] = equation.replaceAll(/\s/g, '').split('->') as [string, string];
  return { terms: inputs.split(',').map((term) => [...term]), output: [...output] };
}
