import { expect, test } from 'vitest';
import { type TrainedRun, withOwnNames } from './trained-run.js';

const run = (name: string, path: string) => ({ name, folder: { path } }) as unknown as TrainedRun;
const names = (first: TrainedRun, second: TrainedRun) =>
  withOwnNames([first, second]).map(({ name }) => name);

test('runs go by their names', () => {
  expect(names(run('plain', '/runs/a'), run('eim', '/runs/b'))).toEqual(['plain', 'eim']);
});

test('runs of one name go by as much of their folders as tells them apart', () => {
  expect(names(run('eim', '/runs/a'), run('eim', '/runs/b'))).toEqual(['a', 'b']);
  expect(names(run('eim', '/one/run'), run('eim', '/two/run'))).toEqual(['one/run', 'two/run']);
});

test('a run is not compared with itself', () => {
  expect(() => names(run('eim', '/runs/a'), run('eim', '/runs/a'))).toThrow('Both runs are /runs/a.');
});
