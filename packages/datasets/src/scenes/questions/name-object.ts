import type { SceneObject } from '../scene.js';

/** The words by which one object of a scene is meant, as no two share their colour: `red circle`. */
export const nameObject = ({ colour, shape }: SceneObject): string => `${colour} ${shape}`;
