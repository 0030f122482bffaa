import { expect, test } from 'vitest';
import { recordText } from './record-text.js';

test('lists of plain values stay on one line, and everything reads back', () => {
  const value = {
    a: 1,
    none: {},
    list: [],
    curve: [
      [1, 2],
      [3, 4],
    ],
    rows: [{ b: 'x', c: null }],
    text: '"',
  };
  const text = recordText({ ...value, absent: undefined });
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toBe(`{
  "a": 1,
  "none": {},
  "list": [],
  "curve": [[1,2],[3,4]],
  "rows": [
    {
      "b": "x",
      "c": null
    }
  ],
  "text": "\\""
}
`);
});
