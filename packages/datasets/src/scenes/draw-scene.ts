import type { RawPicture } from '@eim/contracts';
import { seededDraws } from '../seeded-draws.js';
import type { Scene, SceneObject } from './scene.js';
import { BACKGROUND_VALUES, COLOUR_VALUES } from './scene-words.js';
import { SHAPE_CONTAINS } from './shape-geometry.js';

/** Samples along each side of a pixel: 16 levels of coverage at edges. */
const SAMPLES = 4;

/**
 * Draws a scene, edges smoothed by coverage, later objects first so that inner shapes lie on top.
 * @param imageSize width and height in pixels
 * @param noise standard deviation as a share of full brightness
 */
export function drawScene(scene: Scene, imageSize: number, noise: number): RawPicture {
  const canvas = new Float32Array(imageSize * imageSize * 3); // [H, W, 3]
  const background = BACKGROUND_VALUES[scene.background];
  for (let i = 0; i < canvas.length; i++) canvas[i] = background[i % 3]!;
  for (const object of [...scene.objects].reverse()) paint(canvas, imageSize, object);
  const draws = seededDraws(`${scene.name} noise`);
  const data = new Uint8Array(canvas.length);
  for (let i = 0; i < data.length; i++) {
    // The sum of three uniform draws is close enough to normal, and the same on every machine.
    const deviation = (draws.uniform() + draws.uniform() + draws.uniform() - 1.5) * 2;
    data[i] = Math.max(0, Math.min(255, Math.round(canvas[i]! + deviation * noise * 255)));
  }
  return { width: imageSize, height: imageSize, data };
}

function paint(canvas: Float32Array, imageSize: number, object: SceneObject): void {
  const colour = COLOUR_VALUES[object.colour].map((value, channel) => value + object.tint[channel]!);
  const reach = object.radius * 1.5;
  const clamp = (pixel: number) => Math.max(0, Math.min(imageSize, pixel));
  const right = clamp(Math.ceil((object.x + reach) * imageSize));
  const bottom = clamp(Math.ceil((object.y + reach) * imageSize));
  for (let y = clamp(Math.floor((object.y - reach) * imageSize)); y < bottom; y++) {
    for (let x = clamp(Math.floor((object.x - reach) * imageSize)); x < right; x++) {
      const covered = coverage(object, x, y, imageSize);
      if (covered === 0) continue;
      const at = (y * imageSize + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        canvas[at + channel]! += covered * (colour[channel]! - canvas[at + channel]!);
      }
    }
  }
}

/** The share of a pixel that a shape covers. */
function coverage(object: SceneObject, pixelX: number, pixelY: number, imageSize: number): number {
  const contains = SHAPE_CONTAINS[object.shape];
  const cosine = Math.cos(object.rotation) / object.radius;
  const sine = Math.sin(object.rotation) / object.radius;
  let inside = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const x = (pixelX + ((sample % SAMPLES) + 0.5) / SAMPLES) / imageSize - object.x;
    const y = (pixelY + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / imageSize - object.y;
    if (contains(x * cosine + y * sine, y * cosine - x * sine)) inside++;
  }
  return inside / (SAMPLES * SAMPLES);
}
