import type { ExperimentSummary } from './experiment-summary.js';
import { markdownTable } from './markdown-table.js';

/** What every arm says of the same pictures, good or bad: those that all records of the first seed hold. */
export function sampleCaptions({ arms, records, experiment }: ExperimentSummary): string[] {
  const [seed] = experiment.seeds;
  const columns = arms.flatMap(({ name }) => {
    const record = records.find((one) => one.arm === name && one.seed === seed);
    return record ? [{ name, samples: record.score.samples }] : [];
  });
  const [first] = columns;
  const places = first?.samples.map(({ picture }) => picture) ?? [];
  const shared = places.filter((picture) =>
    columns.every(({ samples }) => samples.some((sample) => sample.picture === picture)),
  );
  if (shared.length === 0) return [];
  const captionOf = (samples: (typeof columns)[number]['samples'], picture: string) =>
    samples.find((sample) => sample.picture === picture)!.caption;
  return [
    `Captions of seed ${seed}, of pictures evenly spread over \`${experiment.score.split}\`:`,
    markdownTable(
      ['picture', ...columns.map(({ name }) => name)],
      shared.map((picture) => [picture, ...columns.map(({ samples }) => captionOf(samples, picture))]),
      'left',
    ),
  ];
}
