import { EimError } from '@eim/contracts';

/** The error for a checkpoint of PyTorch before 1.6: several pickles in a row, made to be run rather than read. */
export function oldPytorchFault(file: string): EimError {
  return new EimError({
    code: 'invalid-file',
    message: `${file} is a pickle in the layout of PyTorch before 1.6, which is not read.`,
    advice: `Save it again where PyTorch is: \`python -c "import torch; torch.save(torch.load('old.pt', map_location='cpu', weights_only=True), 'new.pt')"\`.`,
    data: { file },
  });
}
