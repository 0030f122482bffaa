/** A table of Markdown. @param aligned how all columns but the first are. @default 'right' */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  aligned: 'left' | 'right' = 'right',
): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `|${header.map((_, column) => (column === 0 || aligned === 'left' ? '---' : '---:')).join('|')}|`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}
