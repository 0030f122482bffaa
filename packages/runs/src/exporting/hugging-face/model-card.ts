import { basename } from 'node:path';
import type { ExportedTensor } from '@eim/contracts';
import type { Parametric } from '@eim/contracts/model';
import { PART_NAMES } from '@eim/core';
import { stringify } from 'yaml';
import type { CompleteContext } from '../../context.js';
import { readRunFiles } from '../../listing/run-files.js';
import { runScores } from '../../listing/run-scores.js';
import { allInstallations } from '../../models/installed/manifest.js';
import { VERSION } from '../../version.js';
import type { ExportSource } from '../export-source.js';
import { cardFrontMatter } from './card-front-matter.js';
import { BESIDE } from './run-beside.js';
import { runConfigOf } from './run-config.js';

export interface ModelCardOptions {
  readonly tensors: readonly ExportedTensor[];
  /** As the user names it. */
  readonly licence: string | undefined;
  readonly context: CompleteContext;
}

/** The README.md of an exported model: what it is, how it is loaded, and all that its run says of data, plan, scores and licences. */
export async function modelCard(
  source: ExportSource,
  { tensors, licence, context }: ModelCardOptions,
): Promise<string> {
  const name = basename(source.path);
  const sections = [
    cardFrontMatter({ licence, hasPictures: source.run !== undefined }),
    `# ${name}\n\n${introduction(source)}`,
    section('Use', usage(source)),
    section('Parameters', parametersOf(source, tensors)),
    ...(source.run ? await runSections(source) : []),
    section('Licence', licences(source, licence, context)),
    `Written by \`eim export --target huggingface\`, version ${VERSION}.`,
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

const section = (title: string, text: string): string => (text === '' ? '' : `## ${title}\n\n${text}`);
const block = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function introduction({ run }: ExportSource): string {
  if (!run) return 'A language model.';
  const { encoder, st, llm } = run.description.parts;
  return `A model of pictures and texts: the image encoder \`${encoder.use}\`, the ST \`${st.use}\`, which carries picture features into the
language model's space, and the language model \`${llm.use}\`.`;
}

function usage({ run, tokenizer }: ExportSource): string {
  const python = `from transformers import AutoModelForCausalLM, AutoTokenizer

model = AutoModelForCausalLM.from_pretrained("FOLDER")
tokenizer = AutoTokenizer.from_pretrained("FOLDER")`;
  if (!run) return block('python', python);
  const { begin } = tokenizer.specialTokens;
  return `transformers reads the language model alone, from this folder:

${block('python', python)}

It does not read the encoder and the ST, which stand in \`${BESIDE}/\` in safetensors under names of their own, with the config and its plan.
The whole is loaded by \`eim\` (npm: \`@eim/cli\`), which takes the language model from this folder:

${block('sh', `eim caption FOLDER/${BESIDE} picture.jpg\neim chat FOLDER/${BESIDE}`)}

Texts are laid out as in training, without a chat template${begin === undefined ? '' : `, behind the begin token (id ${begin})`}.`;
}

const sizeOf = (part: Parametric): number =>
  part.parameters().reduce((sum, { variable }) => sum + variable.size, 0);

function parametersOf({ run, llm }: ExportSource, tensors: readonly ExportedTensor[]): string {
  const counts = run
    ? PART_NAMES.map((part) => [part, sizeOf(run.model[part])] as const)
    : ([['llm', sizeOf(llm)]] as const);
  const rows = counts.map(([part, count]) => [part, count.toLocaleString('en')]);
  return `${table(['part', 'parameters'], rows)}\n\n${tensors.length} tensors of the language model, in 32 bits; context of ${llm.contextLength} positions.`;
}

async function runSections({ path, run }: ExportSource): Promise<string[]> {
  const files = await readRunFiles(path);
  const { data, plan } = await runConfigOf(run!.folder);
  const hashes = Object.entries(files.environment?.data ?? {});
  const scores = runScores(files).flatMap(({ of, scores: all }) =>
    Object.entries(all).map(([name, score]) => [of, name, Number(score.toPrecision(6))]),
  );
  const { environment, result } = files;
  const facts = [
    ...(result ? [`${result.steps} optimizer steps in ${(result.seconds / 60).toFixed(1)} minutes`] : []),
    ...(environment ? [`engine ${environment.engine.name}`, `eim ${environment.eim}`] : []),
    ...(environment?.commit ? [`commit ${environment.commit}`] : []),
  ];
  const rows = hashes.map(([split, { rows: count, hash }]) => [split, count, hash.slice(0, 16)]);
  return [
    section(
      'Data',
      [block('yaml', stringify(data)), rows.length > 0 ? table(['split', 'rows', 'hash'], rows) : '']
        .filter((text) => text !== '')
        .join('\n\n'),
    ),
    section('Scores', scores.length === 0 ? 'None were measured.' : table(['on', 'score', 'value'], scores)),
    section('Plan', [block('yaml', stringify(plan)), facts.join(', ')].join('\n\n').trim()),
  ];
}

/** What is known of the licences of weights that parts began with. */
function licences(
  { run, path }: ExportSource,
  licence: string | undefined,
  { environment }: CompleteContext,
): string {
  const installed = allInstallations(environment);
  const licenceOf = (weights: string) => {
    const found = installed.find(({ path: one, manifest }) => one === weights || manifest.folder === weights);
    return found?.manifest.licence ?? 'not stated with its files';
  };
  const parents = run
    ? PART_NAMES.flatMap((part) => {
        const { weights } = run.description.parts[part];
        if (!weights) return [];
        return [`- ${part}: began with \`${basename(weights.path)}\`, licence: ${licenceOf(weights.path)}`];
      })
    : [`- the weights: \`${basename(path)}\`, licence: ${licenceOf(path)}`];
  const own = licence === undefined ? 'No licence was named for what was trained.' : `${licence}.`;
  const data = run ? '\n\nThe data above have licences of their own.' : '';
  return [`${own}${data}`, parents.join('\n')].filter((text) => text !== '').join('\n\n');
}
