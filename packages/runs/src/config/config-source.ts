import { readFile } from 'node:fs/promises';
import { EimError } from '@eim/contracts';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { applyOverride } from './apply-override.js';
import type { Override } from './override.js';

export type ConfigPath = readonly (string | number)[];

/** A config as it is written: its values, and the place of each. */
export class ConfigSource {
  readonly path: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #overrides: readonly Override[];

  private constructor(path: string, document: Document, lines: LineCounter, overrides: readonly Override[]) {
    this.path = path;
    this.#document = document;
    this.#lines = lines;
    this.#overrides = overrides;
  }

  /**
   * Reads a YAML file and applies the overrides.
   * @throws EimError `invalid-config` with file, line and column of each syntax error; `invalid-argument` for an override
   * of a place that does not exist
   */
  static async read(path: string, overrides: readonly Override[] = []): Promise<ConfigSource> {
    return ConfigSource.parse(path, await readFile(path, 'utf8'), overrides);
  }

  static parse(path: string, text: string, overrides: readonly Override[] = []): ConfigSource {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
    if (document.errors.length > 0) {
      const messages = document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return `  ${path}:${line}:${col}: ${error.message.split(' at line ')[0]}`;
      });
      throw new EimError({
        code: 'invalid-config',
        message: `${path} is not valid YAML:\n${messages.join('\n')}`,
        data: { path },
      });
    }
    if (!isMap(document.contents)) {
      throw new EimError({
        code: 'invalid-config',
        message: `${path} holds no config: \`key: value\` lines were expected.`,
        advice: 'Copy one of the files in configs/ and change it.',
        data: { path },
      });
    }
    const applied = overrides.map((override) => applyOverride(document, override));
    return new ConfigSource(path, document, lines, applied);
  }

  /** The whole config as plain values. */
  toValue(): unknown {
    return this.#document.toJS();
  }

  /** True where an override set this value. */
  isOverridden(path: ConfigPath): boolean {
    return this.#override(path) !== undefined;
  }

  /**
   * The place of a value, or of its `key`: `file:line:column`, or the override that set it. For a value that is absent,
   * the place of the nearest one around it.
   */
  locate(path: ConfigPath, key?: string): string {
    const whole = key === undefined ? path : [...path, key];
    const override = this.#override(whole);
    if (override) return `override ${override.text}`;
    for (let length = whole.length; length >= 0; length--) {
      const offset = this.#offset(whole.slice(0, length), key !== undefined && length === whole.length);
      if (offset === undefined) continue;
      const { line, col } = this.#lines.linePos(offset);
      return `${this.path}:${line}:${col}`;
    }
    return this.path;
  }

  #override(path: ConfigPath): Override | undefined {
    return this.#overrides.find(({ path: set }) => set.every((step, i) => String(step) === String(path[i])));
  }

  #offset(path: ConfigPath, ofKey: boolean): number | undefined {
    if (path.length === 0) return isNode(this.#document.contents) ? 0 : undefined;
    const parent = this.#document.getIn(path.slice(0, -1), true);
    const last = path.at(-1)!;
    if (isMap(parent)) return pairOffset(parent, String(last), ofKey);
    const node = this.#document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }
}

/** Offset of a key, or of its value where that is a scalar; a nested block is best shown by its key. */
function pairOffset(map: YAMLMap, key: string, ofKey: boolean): number | undefined {
  const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  if (!pair || !isScalar(pair.key)) return undefined;
  const value = isScalar(pair.value) && !ofKey ? pair.value.range?.[0] : undefined;
  return value ?? pair.key.range?.[0];
}
