export type YesNo = 'yes' | 'no' | 'other';

/**
 * The answer that a model's text gives, as MME's `calculation.py` reads it: `yes`, else `no`, anywhere in the
 * first four characters, whatever their case; else neither.
 */
export function parseYesNo(text: string): YesNo {
  const start = [...text.toLowerCase().slice(0, 8)].slice(0, 4).join('');
  if (start.includes('yes')) return 'yes';
  return start.includes('no') ? 'no' : 'other';
}
