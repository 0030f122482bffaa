import { formatCount } from '@eim/report';
import type { Inspection } from '@eim/runs';
import { textTable } from './text-table.js';

/** What `eim inspect` prints for people. */
export function inspectionText(inspection: Inspection): string {
  const { format, families, parameterCount, tensorCount, tokenizer, preprocessing, tensors } = inspection;
  const { prefix, passedOver, problem } = inspection;
  const family = families.map(({ part, package: from, name }) => `${part} ${from}#${name}`).join(', ');
  const lines = [
    `Format: ${format}`,
    `Family: ${family || 'none of the built-in ones'}`,
    `Parameters: ${formatCount(parameterCount)} in ${tensorCount} tensors, ${(inspection.bytesAsFloats / 2 ** 30).toFixed(2)} GiB as 32-bit floats`,
    ...(prefix === '' ? [] : [`Model: the tensors whose names begin with "${prefix}"`]),
    ...(passedOver === 0 ? [] : [`Beside it: ${passedOver} tensors of something else, such as an optimizer`]),
    ...(problem === undefined ? [] : [`Model: not clear. ${problem}`]),
    `Tokenizer: ${tokenizer ? `${tokenizer.files.join(' and ')} (${tokenizer.problem ?? `${tokenizer.vocabularySize} tokens`})` : 'none'}`,
    `Preprocessing: ${preprocessing ? 'preprocessor_config.json' : 'none beside it'}`,
  ];
  return `${lines.join('\n')}\n${textTable(tensors.map(({ name, dtype, shape }) => [name, dtype, `[${shape}]`]))}`;
}
