import { isDeepStrictEqual } from 'node:util';
import { EimError } from '@eim/contracts';
import { completeContext, type RunsContext } from '../context.js';
import { pluginLoader, programPluginLoader } from '../model/plugin-loader.js';
import { RunFolder } from '../run-folder/run-folder.js';
import type { MetricSources } from '../scoring/metric-sources.js';
import type { Answer } from './answer-items.js';
import { openBenchmarkData } from './benchmark-data.js';
import { BenchmarkFolder } from './benchmark-folder.js';
import { sharedPart } from './benchmark-manifest.js';
import { type EvaluationOutcome, finishEvaluation } from './finish-evaluation.js';
import { resolveBenchmark } from './resolve-benchmark.js';

/**
 * Joins the shards of one evaluation and scores the whole.
 * @throws EimError `invalid-data` where shards belong to different evaluations, items are answered twice, not at all or
 * are unknown, or the data have changed since
 *
 * @example
 * const { scores } = await mergeShards(['shard-1', 'shard-2'], { packages, out: 'whole' });
 */
export async function mergeShards(
  paths: readonly string[],
  options: RunsContext & MetricSources & { readonly out: string },
): Promise<EvaluationOutcome> {
  const context = completeContext(options);
  const folders = paths.map((path) => BenchmarkFolder.open(path));
  const manifests = await Promise.all(folders.map((folder) => folder.manifest()));
  const manifest = sharedPart(manifests[0]!);
  for (const [index, other] of manifests.entries()) {
    if (isDeepStrictEqual(sharedPart(other), manifest)) continue;
    const different = Object.keys(manifest).filter(
      (key) =>
        !isDeepStrictEqual(manifest[key as keyof typeof manifest], other[key as keyof typeof manifest]),
    );
    throw fault(
      `${paths[index]} is not of the same evaluation as ${paths[0]}: ${different.join(', ')} differ.`,
      'Merge shards that were made by one command, with --shard alone changed.',
    );
  }
  const { benchmark } = await resolveBenchmark(
    manifest.benchmark,
    'run' in manifest.model
      ? pluginLoader(RunFolder.open(manifest.model.run).configFile, context)
      : programPluginLoader(context),
  );
  const { items, files } = await openBenchmarkData(benchmark, manifest.data.folder, manifest.options);
  if (!isDeepStrictEqual(files, manifest.data.files)) {
    throw fault(`The data in ${manifest.data.folder} have changed since.`, 'Evaluate again.');
  }
  const answers = new Map<string, Answer>();
  for (const [index, folder] of folders.entries()) {
    for (const answer of await folder.answers()) {
      if (answers.has(answer.id)) {
        throw fault(
          `${paths[index]}: item "${answer.id}" was answered by another shard, too.`,
          'Give each once.',
        );
      }
      answers.set(answer.id, answer);
    }
  }
  const missing = items.filter(({ id }) => !answers.has(id));
  if (missing.length > 0) {
    const shards = manifests
      .map(({ shard }) => (shard ? `${shard.index}/${shard.count}` : 'whole'))
      .join(', ');
    throw fault(
      `${missing.length} of ${items.length} items have no answer, the first "${missing[0]!.id}"; the shards given are ${shards}.`,
      'Give all shards.',
    );
  }
  const target = await BenchmarkFolder.create(options.out);
  const all = { benchmark, manifest, items, answers: items.map(({ id }) => answers.get(id)!) };
  return finishEvaluation(target, all, options);
}

function fault(message: string, advice: string): EimError {
  return new EimError({ code: 'invalid-data', message, advice });
}
