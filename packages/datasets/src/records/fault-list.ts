import { EimError } from '@eim/contracts';
import { idText, type JsonLists, shownJson } from '@eim/contracts/json';

/** How many mistakes a message spells out; the error's data hold all. */
const SHOWN = 20;

/** Collects the mistakes of one file, so that they are all reported at once. */
export class FaultList {
  private readonly faults: string[] = [];

  constructor(private readonly file: string) {}

  /** Mistakes added so far. */
  get count(): number {
    return this.faults.length;
  }

  /** @param where entry and field, as `images[3].id` @param problem a clause after it, as `is missing` */
  add(where: string, problem: string): void {
    this.faults.push(`${where} ${problem}`);
  }

  /** The value if it is text with anything in it; a fault otherwise. */
  text(value: unknown, where: string): string | undefined {
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.add(
      where,
      value === undefined ? 'is missing' : value === '' ? 'is empty' : `is ${shownJson(value)}, not text`,
    );
    return undefined;
  }

  /** An id as text, from text or a whole number; a fault otherwise. */
  id(value: unknown, where: string): string | undefined {
    const id = idText(value);
    if (id !== undefined) return id;
    this.add(
      where,
      value === undefined ? 'is missing' : `is ${shownJson(value)}, neither a whole number nor text`,
    );
    return undefined;
  }

  /** The value if it is a list; a fault, and an empty list, otherwise. */
  list(value: unknown, where: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    this.add(where, value === undefined ? 'is missing' : `is ${shownJson(value)}, not a list`);
    return [];
  }

  /** Places and elements of a list in a JSON object; a fault, and none, where it is no list. */
  entries(root: JsonLists, name: string): Iterable<readonly [number, unknown]> {
    return root.entries(name) ?? this.list(root.get(name), name).entries();
  }

  /** The value if it is an object; a fault, and undefined, otherwise. */
  record(value: unknown, where: string): Record<string, unknown> | undefined {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    this.add(where, `is ${shownJson(value)}, not an object`);
    return undefined;
  }

  /** @throws EimError `invalid-data` listing every mistake added so far */
  throwIfAny(): void {
    const { file, faults } = this;
    if (faults.length === 0) return;
    const lines = faults.slice(0, SHOWN);
    if (faults.length > SHOWN) lines.push(`and ${faults.length - SHOWN} more`);
    throw new EimError({
      code: 'invalid-data',
      message: `${file} has ${faults.length === 1 ? 'a mistake' : `${faults.length} mistakes`}: ${lines.join('; ')}.`,
      data: { file, faults },
    });
  }
}
