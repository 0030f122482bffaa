import type { ElementType } from '../unread-encoding.js';

/** A class or function that a pickle names. It is only ever compared by name. */
export class PickleGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** A Python object of which only the attributes are kept. */
export class PickleObject {
  attributes: ReadonlyMap<unknown, unknown> = new Map();
  constructor(readonly type: string) {}
}

/**
 * What a pickle makes of a class or function that is not read, and what comes of it. It stands for nothing but its name:
 * beside a model it is passed over, inside one it is a reason to refuse the checkpoint.
 */
export class OpaqueValue {
  constructor(readonly path: string) {}

  /** What is wrong where it stands in the place of weights, as a clause. */
  get refusal(): string {
    return `asks for ${this.path}, which is not on the list of what may be in a checkpoint`;
  }
}

/** Bytes in a file of the archive that one or more tensors lie in. */
export class StorageReference {
  constructor(
    /** Name within `data/`. */
    readonly key: string,
    /** Absent for untyped storages, whose tensors say it. */
    readonly dtype: ElementType | undefined,
    /** Elements, or bytes where `dtype` is absent. */
    readonly length: number,
  ) {}
}

/** A view of a storage: element [i, j, ...] lies at `offset + i * strides[0] + j * strides[1] + ...`. */
export class TensorReference {
  constructor(
    readonly storage: StorageReference,
    readonly dtype: ElementType,
    /** Elements from the start of the storage. */
    readonly offset: number,
    readonly shape: readonly number[],
    /** In elements. */
    readonly strides: readonly number[],
  ) {}
}
