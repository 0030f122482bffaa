import type { Experiment } from '../description/read-experiment.js';
import { answerMarkdown } from './answers/answer-markdown.js';
import { summariseAnswers } from './answers/answer-summary.js';
import { curvesChart } from './curves-chart.js';
import { experimentMarkdown } from './experiment-markdown.js';
import { summariseExperiment } from './experiment-summary.js';

/** What the records of an experiment come to. */
export interface MadeTable {
  readonly markdown: string;
  /** Learning curves as SVG, where the experiment shows them. */
  readonly chart?: string | undefined;
}

/** The table of an experiment, of captions or of a benchmark's answers, and its chart. */
export async function makeTable(experiment: Experiment): Promise<MadeTable> {
  const curves = experiment.show.includes('curves');
  if (experiment.score.benchmark) {
    const summary = await summariseAnswers(experiment);
    return { markdown: answerMarkdown(summary), ...(curves && { chart: await curvesChart(summary) }) };
  }
  const summary = await summariseExperiment(experiment);
  return { markdown: experimentMarkdown(summary), ...(curves && { chart: await curvesChart(summary) }) };
}
