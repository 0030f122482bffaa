/** Channels are multiples of this (`_make_divisible` of MobileNet's code), and never lose a tenth by it. */
const DIVISOR = 8;

/** A number of channels under a width multiplier, as MobileNetV2 and EfficientNet round it. */
export function roundedChannels(channels: number, multiplier: number): number {
  const wanted = channels * multiplier;
  const rounded = Math.max(DIVISOR, Math.floor((wanted + DIVISOR / 2) / DIVISOR) * DIVISOR);
  return rounded < 0.9 * wanted ? rounded + DIVISOR : rounded;
}
