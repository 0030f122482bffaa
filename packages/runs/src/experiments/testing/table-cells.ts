/** The cells of a row of a Markdown table, behind its name. */
export const cells = (table: string, name: string) =>
  table
    .split('\n')
    .find((line) => line.startsWith(`| ${name} |`))!
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
