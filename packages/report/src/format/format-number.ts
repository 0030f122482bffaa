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

/** Seconds as `45 s`, `3:05`, `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** A p-value with its sign: `= 0.012`, or `< 0.001` if it is smaller. */
export function formatP(pValue: number): string {
  return pValue < 0.001 ? '< 0.001' : `= ${pValue.toFixed(3)}`;
}
