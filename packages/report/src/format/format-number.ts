/** Whole numbers with thousands separated: `3,712,512`. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Large numbers with an SI prefix: `1.23 T` for 1.23e12. */
export function formatLarge(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T', ' P'];
  let unit = 0;
  let scaled = value;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 ? String(Math.round(scaled)) : scaled.toPrecision(3)}${units[unit]}`;
}
