import { expect, test } from 'vitest';
import { drawScene } from './draw-scene.js';
import type { Scene, SceneObject } from './scene.js';
import { BACKGROUND_VALUES, COLOUR_VALUES, SHAPES } from './scene-words.js';

const object = { colour: 'red', x: 0.5, y: 0.5, radius: 0.25, rotation: 0, tint: [0, 0, 0] } as const;
const sceneOf = (...objects: SceneObject[]): Scene => ({ objects, background: 'white', name: 'test' });
const pixel = (data: Uint8Array, x: number, y: number) => [
  ...data.subarray((y * 64 + x) * 3, (y * 64 + x) * 3 + 3),
];
test('shapes have their area, smoothed at the edge', () => {
  const areaOf = (shape: SceneObject['shape']) => {
    const { data } = drawScene(sceneOf({ ...object, shape }), 64, 0);
    let covered = 0;
    for (let i = 1; i < data.length; i += 3) covered += (240 - data[i]!) / (240 - 40);
    return covered / (64 * 64) / 0.25 ** 2; // in units of the radius squared
  };
  expect(areaOf('circle')).toBeCloseTo(Math.PI, 1);
  expect(areaOf('square')).toBeCloseTo(1.76 ** 2, 1);
  expect(areaOf('triangle')).toBeCloseTo(1.8 * 1.8 * 0.58, 1);
  expect(areaOf('cross')).toBeCloseTo(4 * 0.64 - 0.64 ** 2, 1);
  expect(areaOf('ring')).toBeCloseTo(Math.PI * 0.7, 1);
  expect(areaOf('star')).toBeGreaterThan(1);
});

test('the first object lies on top, and nothing is painted outside', () => {
  const inner: SceneObject = { ...object, shape: 'circle', radius: 0.1 };
  const outer: SceneObject = { ...object, shape: 'square', colour: 'blue', radius: 0.3 };
  const { data } = drawScene(sceneOf(inner, outer), 64, 0);
  expect(pixel(data, 32, 32)).toEqual([...COLOUR_VALUES.red]);
  expect(pixel(data, 18, 32)).toEqual([...COLOUR_VALUES.blue]);
  expect(pixel(data, 2, 2)).toEqual([...BACKGROUND_VALUES.white]);
});

test.each(SHAPES)('a %s may reach beyond the border', (shape) => {
  expect(drawScene(sceneOf({ ...object, shape, x: 0, y: 1.1 }), 16, 0.1).data).toHaveLength(16 * 16 * 3);
});

test('noise has the deviation asked for', () => {
  const { data } = drawScene({ ...sceneOf(), background: 'grey' }, 128, 0.05);
  const errors = Float64Array.from(data, (value, i) => value - BACKGROUND_VALUES.grey[i % 3]!);
  const variance = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
  expect(Math.sqrt(variance) / 255).toBeCloseTo(0.05, 2);
});
