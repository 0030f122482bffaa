import { EimError } from '@eim/contracts';

/** Values by section and by key; keys have hyphens and small letters. */
export type PipSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads pip's configuration as Python's `configparser` does: sections, `key = value` or `key: value`, comments that begin a
 * line, and values that go on in indented lines.
 * @throws EimError `invalid-config` for a line that is none of these
 */
export function readPipConfigFile(text: string, file: string): PipSections {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let key: string | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const heading = /^\[([^\]]+)\]\s*$/.exec(line);
    const pair = /^([^=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (heading) {
      section = sections.get(heading[1]!) ?? new Map();
      sections.set(heading[1]!, section);
      key = undefined;
    } else if (/^\s/.test(line) && section && key !== undefined) {
      section.set(key, `${section.get(key)}\n${line.trim()}`.trim());
    } else if (pair && section) {
      key = normalisedKey(pair[1]!);
      section.set(key, pair[2]!);
    } else {
      throw new EimError({
        code: 'invalid-config',
        message: `${file}:${index + 1}: pip's configuration cannot be read here: ${JSON.stringify(line.trim())}.`,
        advice: 'Mend the line; `pip config debug` names the files.',
        data: { file, line: index + 1 },
      });
    }
  }
  return sections;
}

/** `--Index_URL` as `index-url`. */
export function normalisedKey(key: string): string {
  return key.toLowerCase().replaceAll('_', '-').replace(/^--/, '');
}
