import { readConstant } from './pickle-constant.js';
import { PickleReader } from './pickle-reader.js';
import { OpaqueValue, PickleGlobal } from './pickle-value.js';

/** What a pickle may ask for beside plain values. Each throws where the request is not on its list. */
export interface PickleActions {
  /** Called for every class or function named. */
  find(reference: PickleGlobal): unknown;
  /** The value of a call of what `find` gave. */
  call(callee: unknown, values: readonly unknown[]): unknown;
  /** Python's `__setstate__`. */
  setState(target: unknown, state: unknown): void;
  persistent(id: unknown): unknown;
}

/** Marks where the items of a tuple, list or dictionary begin. */
const MARK = Symbol('mark');

/**
 * Reads the plain data of a pickle, protocols 2 to 5 (Python's pickletools describes the operations): lists and
 * tuples as arrays, dictionaries as Map. Nothing is looked up or run; operations that hold no data are refused.
 * @throws RangeError with the fault as a clause, for a pickle that is cut off or not of this kind
 */
export function unpickle(bytes: Uint8Array, actions: PickleActions): unknown {
  return unpickleNext(new PickleReader(bytes), actions);
}

/** Reads one of several pickles in a row, and leaves the reader behind it. @throws RangeError as `unpickle` */
export function unpickleNext(reader: PickleReader, actions: PickleActions): unknown {
  return new Unpickler(reader, actions).run();
}

class Unpickler {
  private stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();

  constructor(
    private readonly reader: PickleReader,
    private readonly actions: PickleActions,
  ) {}

  run(): unknown {
    for (;;) {
      const operation = this.reader.byte();
      if (operation === 0x2e) return this.pop(); // STOP
      const constant = readConstant(operation, this.reader);
      if (constant !== undefined) this.push(constant);
      else if (!this.keep(operation) && !this.collect(operation)) this.build(operation);
    }
  }

  private push(value: unknown): true {
    this.stack.push(value);
    return true;
  }

  private pop(): unknown {
    const value = this.peek();
    this.stack.pop();
    return value;
  }

  private peek(): unknown {
    const value = this.stack.at(-1);
    if (value !== MARK && value !== undefined) return value;
    throw new RangeError(`it takes more than there is at byte ${this.reader.position}`);
  }

  /** The value that is filled; undefined for one of which nothing is kept. */
  private top<Kind>(kind: abstract new (...values: never[]) => Kind): Kind | undefined {
    const value = this.stack.at(-1);
    if (value instanceof kind) return value;
    if (value instanceof OpaqueValue) return undefined;
    throw new RangeError(`it fills what is no ${kind.name} at byte ${this.reader.position}`);
  }

  /** Items since the last mark. */
  private popToMark(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw new RangeError(`it has no mark before byte ${this.reader.position}`);
    const items = this.stack.splice(mark + 1);
    this.stack.pop();
    return items;
  }

  private popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private keep(operation: number): boolean {
    const { reader, memo } = this;
    switch (operation) {
      case 0x80: // PROTO
        reader.byte();
        return true;
      case 0x95: // FRAME
        reader.uint64();
        return true;
      case 0x71: // BINPUT
        memo.set(reader.byte(), this.peek());
        return true;
      case 0x72: // LONG_BINPUT
        memo.set(reader.uint32(), this.peek());
        return true;
      case 0x94: // MEMOIZE
        memo.set(memo.size, this.peek());
        return true;
      case 0x68: // BINGET
        return this.recall(reader.byte());
      case 0x6a: // LONG_BINGET
        return this.recall(reader.uint32());
      case 0x30: // POP
        this.stack.pop();
        return true;
      case 0x32: // DUP
        return this.push(this.peek());
      case 0x31: // POP_MARK
        this.popToMark();
        return true;
      default:
        return false;
    }
  }

  private recall(index: number): true {
    const value = this.memo.get(index);
    if (value === undefined) throw new RangeError(`it recalls value ${index}, which it never kept`);
    return this.push(value);
  }

  private collect(operation: number): boolean {
    switch (operation) {
      case 0x28: // MARK
        return this.push(MARK);
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
      case 0x8f: // EMPTY_SET
        return this.push([]);
      case 0x7d: // EMPTY_DICT
        return this.push(new Map());
      case 0x74: // TUPLE
      case 0x6c: // LIST
      case 0x91: // FROZENSET
        return this.push(this.popToMark());
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.push(this.popMany(operation - 0x84));
      case 0x61: {
        // APPEND
        const item = this.pop();
        this.top(Array)?.push(item);
        return true;
      }
      case 0x65: // APPENDS
      case 0x90: {
        // ADDITEMS
        const items = this.popToMark();
        const list = this.top(Array);
        for (const item of items) list?.push(item);
        return true;
      }
      case 0x73: {
        // SETITEM
        const [key, value] = this.popMany(2);
        this.top(Map)?.set(key, value);
        return true;
      }
      case 0x75: {
        // SETITEMS
        const items = this.popToMark();
        const map = this.top(Map);
        for (let i = 0; i + 1 < items.length; i += 2) map?.set(items[i], items[i + 1]);
        return true;
      }
      default:
        return false;
    }
  }

  private build(operation: number): void {
    switch (operation) {
      case 0x63: {
        // GLOBAL
        const module = this.reader.line();
        this.push(this.actions.find(new PickleGlobal(module, this.reader.line())));
        return;
      }
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popMany(2);
        this.push(this.actions.find(new PickleGlobal(String(module), String(name))));
        return;
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [callee, values] = this.popMany(2);
        if (!Array.isArray(values)) throw new RangeError('it calls something without a list of values');
        this.push(this.actions.call(callee, values));
        return;
      }
      case 0x92: {
        // NEWOBJ_EX, whose last value holds named arguments
        const [callee, values] = this.popMany(3);
        if (!Array.isArray(values)) throw new RangeError('it calls something without a list of values');
        this.push(this.actions.call(callee, values));
        return;
      }
      case 0x62: {
        // BUILD
        const state = this.pop();
        this.actions.setState(this.peek(), state);
        return;
      }
      case 0x51: // BINPERSID
        this.push(this.actions.persistent(this.pop()));
        return;
      default:
        throw new RangeError(
          `it has the operation 0x${operation.toString(16)} at byte ${this.reader.position - 1}, which holds no plain data`,
        );
    }
  }
}
