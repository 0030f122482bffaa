import { expect, test } from 'vitest';
import { sampleReport } from './__fixtures__/sample-report.js';
import { encodePng } from './encode-png.js';
import { renderReport } from './render-report.js';

test('a report is one file that needs nothing else', async () => {
  const page = await renderReport(sampleReport());
  expect(page).not.toMatch(/<script|<link|@import|url\((?!#)|src="(?!data:)|href="/);
  expect(page.match(/<figure>/g)).toHaveLength(24);
  expect(page.match(/<svg /g)!.length).toBeGreaterThanOrEqual(4);
});

test('every run, metric, baseline, gate and part is shown', async () => {
  const page = await renderReport(sampleReport());
  for (const text of [
    'plain',
    'eim',
    'BLEU-4',
    'ROUGE-L',
    'CIDEr',
    'Most common caption',
    'rolled back',
    'Image encoder',
  ]) {
    expect(page).toContain(text);
  }
  expect(page).toContain('<td class="best">0.812</td>');
});

test('captions and names cannot inject markup', async () => {
  const data = sampleReport();
  const hostile = '<img src=x onerror=alert(1)>"\'&';
  const page = await renderReport({
    ...data,
    title: hostile,
    pictures: [
      {
        id: hostile,
        dataUri: data.pictures[0]!.dataUri,
        references: [hostile],
        captions: { plain: hostile },
      },
    ],
  });
  expect(page).not.toContain('<img src=x');
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
});

test('a report of one run without gates or pictures leaves those sections out', async () => {
  const data = sampleReport();
  const page = await renderReport({ ...data, runs: [{ ...data.runs[0]!, gates: [] }], pictures: [] });
  expect(page).not.toContain('id="gates"');
  expect(page).not.toContain('id="pictures"');
});

test('a PNG has the header of its picture', () => {
  const png = encodePng({ width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => i * 9) });
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 2]);
});
