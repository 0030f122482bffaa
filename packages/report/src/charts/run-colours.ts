/** Colours that people with any colour vision can tell apart (Okabe and Ito), dark enough on white. */
const COLOURS = ['#8a94a6', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b58900', '#3a9bd9'];

/** The colour of the n-th run in every chart and table: the first one is grey. */
export function runColour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}
