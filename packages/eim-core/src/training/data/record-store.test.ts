import { describe, expect, it } from 'vitest';
import { MemoryBudget } from './memory-budget.js';
import { RecordStore, type SpillFile } from './record-store.js';

const record = (value: number) => Uint8Array.from([value, value + 1, value + 2, value + 3]);

/** A file in memory that says what was done with it. */
function spillFile() {
  const held = new Map<number, Uint8Array>();
  const seen = { opened: 0, closed: 0, read: 0 };
  const file: SpillFile = {
    write: async (index, bytes) => void held.set(index, bytes.slice()),
    read: async (index, bytes) => {
      seen.read += 1;
      bytes.set(held.get(index)!);
    },
    close: async () => {
      seen.closed += 1;
    },
  };
  const openSpillFile = async (recordBytes: number) => {
    expect(recordBytes).toBe(4);
    seen.opened += 1;
    return file;
  };
  return { held, seen, openSpillFile };
}

describe('RecordStore', () => {
  it('keeps in memory what the budget allows and the rest in one file, and gives all back', async () => {
    const budget = new MemoryBudget(11);
    budget.take(3);
    const { held, seen, openSpillFile } = spillFile();
    const store = new RecordStore({ recordBytes: 4, budget, openSpillFile });
    const written = record(0);
    for (let index = 0; index < 5; index += 1) {
      written.set(record(10 * index));
      await store.put(index, written);
    }
    expect(budget.used).toBe(11);
    expect([...held.keys()]).toEqual([2, 3, 4]);
    expect([store.has(1), store.has(4), store.has(5)]).toEqual([true, true, false]);
    for (const index of [4, 0, 2, 1, 3]) expect(await store.get(index)).toEqual(record(10 * index));
    expect(seen).toEqual({ opened: 1, closed: 0, read: 3 });
    await store.close();
    expect(budget.used).toBe(3);
    expect(seen.closed).toBe(1);
    expect([store.has(0), store.has(4)]).toEqual([false, false]);
  });

  it('opens no file where memory has room', async () => {
    const { seen, openSpillFile } = spillFile();
    const store = new RecordStore({ recordBytes: 4, budget: new MemoryBudget(8), openSpillFile });
    await store.put(7, record(1));
    expect(await store.get(7)).toEqual(record(1));
    await store.close();
    expect(seen).toEqual({ opened: 0, closed: 0, read: 0 });
  });

  it('keeps everything in memory where there is no file to go to', async () => {
    const budget = new MemoryBudget(4);
    const store = new RecordStore({ recordBytes: 4, budget });
    await store.put(0, record(1));
    await store.put(1, record(2));
    expect(await store.get(1)).toEqual(record(2));
    expect(budget.used).toBe(0);
    await store.close();
  });

  it('passes on that the file cannot be written', async () => {
    const full = new Error('no space left');
    const openSpillFile = async (): Promise<SpillFile> => ({
      write: async () => {
        throw full;
      },
      read: async () => {},
      close: async () => {},
    });
    const store = new RecordStore({ recordBytes: 4, budget: new MemoryBudget(0), openSpillFile });
    await expect(store.put(0, record(1))).rejects.toBe(full);
    expect(store.has(0)).toBe(false);
    await store.close();
  });
});
