/** Told apart by people with any colour vision (Okabe and Ito), and dark enough on white. */
const COLOURS = ['#8a94a6', '#0072b2', '#d55e00', '#009e73'];

/** The colour of the n-th run in every chart and table: the first is the plain one. */
export function runColour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}
