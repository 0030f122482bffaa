import type { DecodingChoice, EvaluationOutcome, ShardOutcome } from '@eim/runs';
import { argumentError } from '@eim/runs/arguments';
import { builtInUrls } from '../built-ins.js';
import type { Invocation, OptionValues } from '../command/define-command.js';
import { metricSources } from '../command/metric-sources.js';
import { kebabCase } from '../command/parse-arguments.js';
import { withContext } from '../command/with-context.js';
import { DECODING_OPTIONS } from '../commands/options.js';
import type { EVAL_OPTIONS } from './eval-options.js';

type EvalInvocation = Invocation<OptionValues<typeof EVAL_OPTIONS>>;

/** `eim eval RUN --benchmark NAME`, or with `--api URL` in place of the run. */
export async function evaluateOnBenchmark(
  invocation: EvalInvocation,
): Promise<EvaluationOutcome | ShardOutcome> {
  const { options, positionals, terminal } = invocation;
  const { api, data, split, maxNewTokens, shard, out } = options;
  if (options.distinctReferences) {
    throw argumentError(
      '--distinct-references is for the pictures of the run: a benchmark counts as its official program does.',
      'Leave it out, or score the answers by `eim score coco-caption --distinct-references`.',
    );
  }
  if (data === undefined) throw argumentError('--data is needed with --benchmark.', 'Write --data DIR.');
  const run = api === undefined ? positionals[0] : undefined;
  const words = api === undefined ? positionals.slice(1) : positionals;
  const request = {
    benchmark: options.benchmark!,
    data,
    words: split === undefined ? words : [...words, `split=${split}`],
    decoding: decodingOf(options),
    maxNewTokens,
    shard,
    out,
    ...metricSources(options, terminal),
  };
  if (api !== undefined) return await askServer(invocation, request);
  if (run === undefined) {
    throw argumentError('`eim eval` needs RUN, the folder of a run, or --api URL.', 'See `eim eval --help`.');
  }
  refuse(invocation, ['model', 'apiKeyEnv', 'concurrency'], 'is for --api', 'Leave it out.');
  const { workers = 1 } = options;
  const { evaluateBenchmark, evaluateByWorkers } = await import('@eim/runs');
  return await withContext(invocation, (context) =>
    workers === 1
      ? evaluateBenchmark(run, { ...request, ...context })
      : evaluateByWorkers(run, { ...request, ...context, workers, packageUrls: builtInUrls() }),
  );
}

type Request = Omit<Parameters<typeof import('@eim/runs').evaluateByApi>[0], 'api' | 'packages'>;

async function askServer(invocation: EvalInvocation, request: Request) {
  const { api, model, apiKeyEnv, concurrency } = invocation.options;
  const [word] = invocation.positionals;
  if (word !== undefined && !word.includes('=')) {
    throw argumentError(
      `--api asks a server, and "${word}" is a run.`,
      'Give one of them; options of a benchmark are written name=value.',
    );
  }
  refuse(invocation, ['workers'], 'is for a run', 'Write --concurrency N for requests at once.');
  const { evaluateByApi } = await import('@eim/runs');
  return await withContext(invocation, (context) =>
    evaluateByApi({ ...request, ...context, api: api!, model, apiKeyEnv, concurrency }),
  );
}

function refuse(
  { options }: EvalInvocation,
  names: readonly (keyof typeof options)[],
  what: string,
  advice: string,
): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given !== undefined) throw argumentError(`--${kebabCase(given)} ${what}.`, advice);
}

/** The options that decide how tokens are chosen. */
function decodingOf(options: OptionValues<typeof DECODING_OPTIONS>): DecodingChoice {
  const names = Object.keys(DECODING_OPTIONS) as (keyof typeof DECODING_OPTIONS)[];
  return Object.fromEntries(names.map((name) => [name, options[name]]));
}
