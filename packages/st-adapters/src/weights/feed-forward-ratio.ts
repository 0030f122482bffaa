/**
 * The ratio that an option says of a feed-forward layer, from its size. The size is the ratio times the width, rounded down, and a
 * quotient may lie just below what was divided.
 */
export function feedForwardRatioOf(feedForwardSize: number, width: number): number {
  const ratio = feedForwardSize / width;
  return Math.floor(ratio * width) === feedForwardSize ? ratio : (feedForwardSize + 0.5) / width;
}
