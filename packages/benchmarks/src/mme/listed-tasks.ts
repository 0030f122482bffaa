import { decodeText } from '@eim/contracts/json';
import { refuse } from '../files/json-fields.js';
import { MME_TASKS, type MmeTask } from './tasks.js';

/** A file by which a folder says that it has some tasks alone, one a line. Published folders have all, and no such file. */
export const TASK_LIST = 'tasks.txt';

/**
 * The tasks that a folder has to hold, in MME's order: those that its `tasks.txt` lists, else all.
 * @throws EimError naming the line of a task that MME does not have, or that stands twice
 */
export function listedTasks(files: ReadonlyMap<string, Uint8Array>): readonly MmeTask[] {
  const bytes = files.get(TASK_LIST);
  if (!bytes) return MME_TASKS;
  const listed = new Set<string>();
  for (const [index, line] of decodeText(TASK_LIST, bytes).split('\n').entries()) {
    const name = line.trim();
    if (name === '') continue;
    if (!(MME_TASKS as readonly string[]).includes(name))
      refuse(TASK_LIST, `line ${index + 1}`, `names ${JSON.stringify(name)}, which is no task of MME`);
    if (listed.has(name)) refuse(TASK_LIST, `line ${index + 1}`, `names ${name} a second time`);
    listed.add(name);
  }
  if (listed.size === 0) refuse(TASK_LIST, '', 'names no task');
  return MME_TASKS.filter((task) => listed.has(task));
}
