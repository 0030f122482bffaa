/** A value that `parseJson` gave, as JSON again and cut short, for messages; `undefined` for what is missing. */
export function shownJson(value: unknown, longest = 40): string {
  const text = asJson(value);
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

function asJson(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  const text = JSON.stringify(value, (_, item: unknown) => {
    const isExact = typeof item !== 'bigint' && (typeof item !== 'number' || Number.isFinite(item));
    return isExact ? item : String(item);
  });
  return text ?? String(value);
}
