import { formatCount } from '@eim/report';
import { claimLine, differenceCells, signed } from './difference-cells.js';
import type { ArmSummary, ExperimentSummary, ScoreOverSeeds } from './experiment-summary.js';
import { gateCorrelations } from './gate-correlation.js';
import { markdownTable } from './markdown-table.js';
import { distinct, madeWith, missingLine, sizesDiffer, staleLine } from './record-facts.js';
import { sampleCaptions } from './sample-captions.js';

/** The table of an experiment as Markdown: arms, baselines, tests, and what it was made with. */
export function experimentMarkdown(summary: ExperimentSummary): string {
  const { experiment, arms, claim } = summary;
  if (arms.length === 0)
    return [`No unit of ${experiment.name} has been trained yet.`, ...staleLine(summary)].join('\n\n');
  return [
    mainTable(summary),
    ...(summary.baselines.length > 1 ? [baselinesByData(summary)] : []),
    ...Object.keys(experiment.score.apart).map((part) => apartTable(summary, part)),
    ...(claim && experiment.claim ? [claimLine('CIDEr', experiment.claim, claim)] : []),
    ...(experiment.gateCorrelation ? gateTable(summary) : []),
    ...(experiment.show.includes('captions') ? sampleCaptions(summary) : []),
    ...facts(summary),
    ...missingLine(summary),
    ...staleLine(summary),
  ].join('\n\n');
}

function mainTable({ experiment, arms, baselines }: ExperimentSummary): string {
  const { metrics } = experiment.score;
  const [tested, ...others] = metrics;
  const shared = arms.every(({ reference }) => reference === experiment.reference);
  const header = [
    'arm',
    tested!,
    'sd',
    'n',
    ...others,
    `retrieval from its encoder, ${tested}`,
    ...(sizesDiffer(arms) ? ['parameters'] : []),
    'compute',
    'minutes',
    'core minutes',
    shared ? `${tested} − ${experiment.reference} (95 %)` : `${tested} − reference (95 %)`,
    'p, one-sided',
  ];
  const rows = arms.map((arm) => [
    arm.name,
    shown(arm.scores[tested!]!.mean),
    spread(arm.scores[tested!]!),
    String(arm.seeds.length),
    ...others.map((metric) => shown(arm.scores[metric]!.mean)),
    shown(arm.retrieval[tested!]!.mean),
    ...(sizesDiffer(arms) ? [formatCount(arm.parameters)] : []),
    (arm.multiplyAdds / arms[0]!.multiplyAdds).toFixed(2),
    arm.minutes.toFixed(1),
    arm.coreMinutes.toFixed(1),
    ...differenceCells(arm, shared),
  ]);
  const blank = new Array<string>(header.length - 3 - metrics.length).fill('');
  const ofAll = baselines.length === 1 ? baselines[0]!.baselines : [];
  const baselineRows = ofAll.map(({ name, scores }) => [
    name,
    shown(scores[tested!]!),
    '',
    '',
    ...others.map((metric) => shown(scores[metric]!)),
    ...blank,
  ]);
  return markdownTable(header, [...rows, ...baselineRows]);
}

/** What can be had without training, where the arms have not the same data. */
function baselinesByData({ experiment, arms, baselines }: ExperimentSummary): string {
  const [tested] = experiment.score.metrics;
  const dataSets = distinct(arms.map(({ dataHash }) => dataHash)).flatMap(
    (hash) => baselines.find(({ dataHash }) => dataHash === hash) ?? [],
  );
  const names = distinct(dataSets.flatMap(({ baselines: lines }) => lines.map(({ name }) => name)));
  const rows = dataSets.map(({ dataHash, baselines: lines }) => {
    const scoreOf = (name: string) => lines.find((line) => line.name === name)?.scores[tested!];
    return [armsOn(arms, dataHash), ...names.map((name) => cell(scoreOf(name)))];
  });
  return markdownTable([`${tested} without training, on the data of`, ...names], rows);
}

function apartTable({ experiment, arms, baselines, records }: ExperimentSummary, part: string): string {
  const { metrics } = experiment.score;
  const pictures = records[0]!.score.apart[part]!.pictures;
  const rows = arms.map(({ name, apart, seeds }) => {
    const scores = apart[part]!;
    const [tested, ...others] = metrics.map((metric) => shown(scores[metric]!.mean));
    return [name, tested!, spread(scores[metrics[0]!]!), String(seeds.length), ...others];
  });
  const lines = baselines.flatMap(({ apart }) => apart[part] ?? []);
  const baselineRows = lines.map(({ name, scores }) => {
    const [tested, ...others] = metrics.map((metric) => shown(scores[metric]!));
    return [name, tested!, '', '', ...others];
  });
  const [tested, ...others] = metrics;
  const header = [`${part}: ${formatCount(pictures)} pictures`, tested!, 'sd', 'n', ...others];
  return markdownTable(header, [...rows, ...baselineRows]);
}

function gateTable({ records }: ExperimentSummary): string[] {
  const rows = gateCorrelations(records).map(({ segment, metric, count, correlation }) => [
    metric,
    segment,
    String(count),
    signed(correlation),
  ]);
  const header = ['measured by a gate', 'after segment', 'trainings', 'rank correlation with CIDEr'];
  return rows.length > 0 ? [markdownTable(header, rows)] : [];
}

function facts({ experiment, records, arms }: ExperimentSummary): string[] {
  const { split, references } = experiment.score;
  const scored = records.reduce((sum, { scoredTimes }) => sum + scoredTimes, 0);
  const pictures = distinct(records.map(({ score }) => formatCount(score.pictures))).join(' or ');
  return [
    `${pictures} pictures of \`${split}\`, ${references === 'all' ? 'all references' : 'distinct references'}; that split was scored ${scored} ${scored === 1 ? 'time' : 'times'} for ${records.length} ${records.length === 1 ? 'training' : 'trainings'}. Differences: paired bootstrap over pictures and seeds, ${formatCount(10_000)} draws. Compute: multiply-adds of training, gates included, relative to ${arms[0]!.name}.`,
    madeWith(records),
  ];
}

const cell = (score: number | undefined): string => (score === undefined ? '' : shown(score));
const shown = (score: number): string => score.toFixed(3);
const spread = ({ standardDeviation }: ScoreOverSeeds): string => standardDeviation?.toFixed(3) ?? '';
const armsOn = (arms: readonly ArmSummary[], hash: string): string =>
  arms.flatMap(({ name, dataHash }) => (dataHash === hash ? [name] : [])).join(', ');
