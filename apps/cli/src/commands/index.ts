import type { AnyCommand } from '../command/define-command.js';
import { benchAblationCommand } from './bench-ablation.js';
import { benchHeadlineCommand } from './bench-headline.js';
import { benchSweepCommand } from './bench-sweep.js';
import { benchTableCommand } from './bench-table.js';
import { captionCommand } from './caption.js';
import { chatCommand } from './chat.js';
import { compareCommand } from './compare.js';
import { dataCheckCommand } from './data-check.js';
import { dataScenesCommand } from './data-scenes.js';
import { demoCommand } from './demo.js';
import { doctorCommand } from './doctor.js';
import { engineInstallCommand } from './engine-install.js';
import { engineListCommand } from './engine-list.js';
import { engineSelftestCommand } from './engine-selftest.js';
import { evalCommand } from './eval.js';
import { exportCommand } from './export.js';
import { featuresCommand } from './features.js';
import { generateCommand } from './generate.js';
import { inspectCommand } from './inspect.js';
import { launchCommand } from './launch.js';
import { logitsCommand } from './logits.js';
import { mergeCommand } from './merge.js';
import { modelsCommand } from './models.js';
import { paramsCommand } from './params.js';
import { planCommand } from './plan.js';
import { pullCommand } from './pull.js';
import { runsCommand } from './runs.js';
import { schemaCommand } from './schema.js';
import { scoreCocoCaptionCommand } from './score-coco-caption.js';
import { scoreMmeCommand } from './score-mme.js';
import { scoreScienceQaCommand } from './score-scienceqa.js';
import { serveCommand } from './serve.js';
import { tokenizeCommand } from './tokenize.js';
import { trainCommand } from './train.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [
  demoCommand,
  trainCommand,
  launchCommand,
  evalCommand,
  mergeCommand,
  compareCommand,
  runsCommand,
  captionCommand,
  chatCommand,
  serveCommand,
  exportCommand,
  scoreCocoCaptionCommand,
  scoreScienceQaCommand,
  scoreMmeCommand,
  featuresCommand,
  logitsCommand,
  generateCommand,
  pullCommand,
  modelsCommand,
  paramsCommand,
  planCommand,
  schemaCommand,
  inspectCommand,
  tokenizeCommand,
  dataCheckCommand,
  dataScenesCommand,
  doctorCommand,
  engineListCommand,
  engineInstallCommand,
  engineSelftestCommand,
  benchAblationCommand,
  benchHeadlineCommand,
  benchSweepCommand,
  benchTableCommand,
];
