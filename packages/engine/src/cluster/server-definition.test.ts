import { expect, test } from 'vitest';
import { serverDefinition } from './server-definition.js';

test('a cluster is one job of workers whose first leads', () => {
  const text = serverDefinition({ addresses: ['10.0.0.4:5600', '[::1]:5601', 'node-7.local:80'], rank: 1 });
  expect(text).toContain('tasks { key: 1 value: "[::1]:5601" }');
  expect(text).toContain('task_index: 1');
});

test.each([
  [['10.0.0.4'], 0, "'10.0.0.4' is no address"],
  [['a:0'], 0, "'a:0' is no address"],
  [['a:70000'], 0, "'a:70000' is no address"],
  [['a" }:5600'], 0, 'is no address'],
  [['-a:5600'], 0, 'is no address'],
  [['a:1', 'b:1', 'a:1'], 0, 'a:1 is there twice'],
  [['a:1', 'b:1'], 2, 'no process has the rank 2'],
  [['a:1'], -1, 'no process has the rank -1'],
  [['a:1'], 0.5, 'no process has the rank 0.5'],
  [[], 0, 'no process has the rank 0'],
])('addresses %j with rank %d are refused', (addresses, rank, why) => {
  expect(() => serverDefinition({ addresses, rank })).toThrow(why);
});
