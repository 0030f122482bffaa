const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** A text as Python's `repr` writes it: in single quotes unless it has some and no double ones. */
export function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const written = [...text].map((character) => {
    if (character === quote) return `\\${quote}`;
    return (
      NAMED[character] ??
      (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}\p{Cs}\u00a0\p{Zs}]/u.test(character) && character !== ' '
        ? escaped(character)
        : character)
    );
  });
  return quote + written.join('') + quote;
}

/** What Python does not print: separators other than the space, controls, and what is unassigned. */
function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}
