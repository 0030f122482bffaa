import { EimError } from '@eim/contracts';

/** Reads fields of a model's description; what it lacks or says wrongly is collected, and raised at once. */
export class ConfigReader {
  private readonly faults: string[] = [];

  constructor(
    private readonly config: Readonly<Record<string, unknown>>,
    /** For messages: the file that the description stands in. */
    private readonly name: string,
  ) {}

  /** A number that must be there. */
  number(field: string): number {
    const value = this.optionalNumber(field);
    if (value !== undefined) return value;
    if (this.config[field] === undefined || this.config[field] === null)
      this.faults.push(`${field} is missing`);
    return 1;
  }

  optionalNumber(field: string): number | undefined {
    const value = this.config[field];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.faults.push(`${field} is ${JSON.stringify(value)}, not a number`);
    return undefined;
  }

  /** One id or a list of them, as `eos_token_id`. */
  ids(field: string): number[] {
    const value = this.config[field];
    const list = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
    if (list.every((id) => Number.isInteger(id))) return (list as number[]).filter((id) => id >= 0);
    this.faults.push(`${field} is ${JSON.stringify(value)}, neither an id nor a list of ids`);
    return [];
  }

  /** Refuses a field that is there with another value: a feature that this package does not compute. */
  allow(field: string, allowed: readonly unknown[]): void {
    const value = this.config[field];
    if (value === undefined || value === null || allowed.includes(value)) return;
    this.faults.push(
      `${field} is ${JSON.stringify(value)}; only ${allowed.map(String).join(' or ')} is supported`,
    );
  }

  fault(message: string): void {
    this.faults.push(message);
  }

  /** @throws EimError `invalid-file` with all that was found wrong */
  finish(): void {
    if (this.faults.length === 0) return;
    throw new EimError({
      code: 'invalid-file',
      message: `The description of the model in ${this.name} cannot be used: ${this.faults.join('; ')}.`,
      advice: 'Give the files as they were published, or name the package and its preset.',
      data: { file: this.name, faults: this.faults },
    });
  }
}
