import type { Chat } from './chat.js';

const DATABASE = 'eim-chats';
const CHATS = 'chats';

/** Keeps chats with their pictures in this browser's IndexedDB. */
export class ChatStore {
  #database: Promise<IDBDatabase> | undefined;

  async all(): Promise<Chat[]> {
    return await this.#run('readonly', (chats): IDBRequest<Chat[]> => chats.getAll());
  }

  async put(chat: Chat): Promise<void> {
    await this.#run('readwrite', (chats) => chats.put(chat));
  }

  async remove(id: string): Promise<void> {
    await this.#run('readwrite', (chats) => chats.delete(id));
  }

  async #run<Result>(
    mode: IDBTransactionMode,
    ask: (chats: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    this.#database ??= openDatabase();
    const transaction = (await this.#database).transaction(CHATS, mode);
    return await settled(ask(transaction.objectStore(CHATS)));
  }
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(CHATS, { keyPath: 'id' });
  return await settled(request);
}

const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
