/** How far one model is from its original, on one engine. */
export interface AccuracyRow {
  readonly model: string;
  /** The files that it was loaded from. */
  readonly files: string;
  /** What computed the expected values. */
  readonly original: string;
  /** Greatest relative error over what enters and leaves every half of every block; absent where there are none. */
  readonly layers?: number;
  /** Relative errors of the results, by name. */
  readonly results: Readonly<Record<string, number>>;
}

/** Greatest relative error that a row may have: float32 on wasm, and on engines of TensorFlow's runtime. */
export const TOLERANCE = { wasm: 1e-4, tensorflow: 2e-5 } as const;

/** Rows of one engine. */
export interface EngineAccuracy {
  readonly engine: string;
  readonly rows: readonly AccuracyRow[];
}

/** What an engine may be off by. */
export const toleranceOf = (engine: string): number =>
  engine === 'wasm' || engine === 'webgpu' ? TOLERANCE.wasm : TOLERANCE.tensorflow;

/** The greatest error of a row. */
export const worstOf = ({ layers = 0, results }: AccuracyRow): number =>
  Math.max(layers, ...Object.values(results));

/** `docs/accuracy.md`. */
export function accuracyDocument(engines: readonly EngineAccuracy[], tokens: readonly string[]): string {
  const sections = engines.map(({ engine, rows }) =>
    [
      `## On ${engine}`,
      '',
      `At most ${toleranceOf(engine).toExponential(0)} is allowed.`,
      '',
      '| model | from | original | blocks | results |',
      '| --- | --- | --- | --- | --- |',
      ...rows.map(({ model, files, original, layers, results }) => {
        const list = Object.entries(results).map(([name, error]) => `${name} ${error.toExponential(1)}`);
        return `| ${model} | ${files} | ${original} | ${layers?.toExponential(1) ?? ''} | ${list.join(', ')} |`;
      }),
      '',
    ].join('\n'),
  );
  return `# Accuracy

\`npm run bench -- accuracy\` prints this page anew, on every engine that is installed (\`eim engine install node\`). Small random
models, saved by the Python originals with their inputs and outputs (the scripts are in \`tools/reference\`), are loaded from
their published layouts and run. An error is
max |a - b| / max |b| over one tensor; \`blocks\` is the worst over what enters and leaves every half of every block.

${sections.join('\n')}
## Tokens

${tokens.map((line) => `- ${line}`).join('\n')}
`;
}
