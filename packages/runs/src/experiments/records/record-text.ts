/**
 * JSON that a person can read and that stays short: objects a field a line, lists of numbers and of plain values on one
 * line.
 */
export function recordText(value: unknown): string {
  return `${write(value, '')}\n`;
}

function write(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (isFlat(value)) return JSON.stringify(value);
    return block(
      '[]',
      value.map((item) => write(item, inner)),
      indent,
    );
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return block(
    '{}',
    fields.map(([key, field]) => `${JSON.stringify(key)}: ${write(field, inner)}`),
    indent,
  );
}

/** @param brackets the opening and the closing one */
function block(brackets: string, lines: readonly string[], indent: string): string {
  if (lines.length === 0) return brackets;
  return `${brackets[0]}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${brackets[1]}`;
}

/** Without objects inside. */
function isFlat(items: readonly unknown[]): boolean {
  return items.every((item) =>
    Array.isArray(item) ? isFlat(item) : typeof item !== 'object' || item === null,
  );
}
