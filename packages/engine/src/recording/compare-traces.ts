import type { TracedStep } from './trace-step.js';

/** How two traces of one step differ, in words; undefined where they are the same. */
export function compareTraces(first: TracedStep, second: TracedStep): string | undefined {
  const [a, b] = [first.trace.entries, second.trace.entries];
  for (const [index, entry] of b.entries()) {
    if (entry.text === a[index]?.text) continue;
    const was = a[index]?.text ?? 'nothing';
    return `where ${was} was, ${entry.text} is now${calledAt(entry.stack)}`;
  }
  if (a.length > b.length) return `${a[b.length]!.text} is no longer there`;
  for (const [index, { input }] of second.trace.inputs.entries()) {
    const other = first.trace.inputs[index]?.input;
    const same =
      (input.kind === 'variable' && other?.kind === 'variable' && input.variable === other.variable) ||
      (input.kind === 'outside' && other?.kind === 'outside' && input.dataId === other.dataId) ||
      input.kind === 'named' ||
      input.kind === 'draw' ||
      input.kind === 'number';
    if (!same) {
      const { text, stack } = b[second.trace.inputs[index]!.node]!;
      return `${text} is another tensor than before${calledAt(stack)}`;
    }
  }
  const places = (step: TracedStep) => step.outputs.map((id) => step.trace.placeOf(id).join(':')).join(' ');
  if (places(first) !== places(second)) return 'it returns results of other operations';
  return undefined;
}

/** The first line of a stack that lies neither in TensorFlow.js nor in this package's recording. */
function calledAt(stack: string | undefined): string {
  const lines = stack?.split('\n').slice(1) ?? [];
  const line = lines.find((one) => !/tfjs|tensorflow|recording|node:|engine\/dist/.test(one));
  return line ? ` (${line.trim()})` : '';
}
