import { formatCount, formatDuration, formatLarge } from '@eim/report';
import { expect, test } from 'vitest';
import { Progress } from './progress.js';

function progressOn(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const stderr = { write: (text: string) => written.push(text), isTTY, columns: 80 };
  const terminal = { stdout: { write: () => {} }, stderr, environment: {}, workingFolder: '/' };
  return {
    progress: new Progress(terminal, () => now),
    written,
    advance: (seconds: number) => (now += seconds),
  };
}

test('without a terminal a plain line is written now and then', () => {
  const { progress, written, advance } = progressOn(false);
  for (let done = 0; done <= 30; done++) {
    progress.update({ label: 'joint', done, total: 60, detail: 'loss 2.1' });
    advance(1);
  }
  progress.finish();
  expect(written).toEqual([
    '  0 %  joint  loss 2.1\n',
    ' 16 %  joint  loss 2.1  50 s left\n',
    ' 33 %  joint  loss 2.1  40 s left\n',
    ' 50 %  joint  loss 2.1  30 s left\n',
  ]);
});

test('on a terminal the bar redraws in place, notes stay above it, and it clears itself', () => {
  const { progress, written, advance } = progressOn(true);
  progress.update({ label: 'joint', done: 30, total: 60 });
  advance(0.01);
  progress.update({ label: 'joint', done: 31, total: 60 });
  expect(written).toEqual(['\r\u001b[K██████████░░░░░░░░░░   50 %  joint']);
  progress.note('gate: kept');
  expect(written[1]).toBe('\r\u001b[Kgate: kept\n');
  progress.finish();
  expect(written.at(-1)).toBe('\r\u001b[K');
});

test('durations and numbers read well', () => {
  expect([4.4, 65, 3723].map(formatDuration)).toEqual(['4 s', '1:05', '1:02:03']);
  expect([999, 1234, 1.5e6, 2.25e12].map(formatLarge)).toEqual(['999', '1.23 k', '1.50 M', '2.25 T']);
  expect(formatCount(3712512)).toBe('3,712,512');
});
