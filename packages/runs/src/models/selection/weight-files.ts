/** What trainers leave beside weights, under names that look like weights. */
const NO_WEIGHTS = /^(training_args|optimizer|scheduler|rng_state|scaler|random_states).*\.(bin|pt|pth)$/;

/** Names of weights in a folder, the first kind that is there counts: as transformers chooses, and safetensors first. */
const KINDS: readonly RegExp[] = [
  /^model\.safetensors$/,
  /^model(-\d{5}-of-\d{5}\.safetensors|\.safetensors\.index\.json)$/,
  /^open_clip_model\.safetensors$/,
  /^consolidated(\.\d\d)?\.safetensors$/,
  /^pytorch_model\.bin$/,
  /^pytorch_model(-\d{5}-of-\d{5}\.bin|\.bin\.index\.json)$/,
  /^open_clip_pytorch_model\.bin$/,
  /^consolidated\.\d\d\.pth$/,
];

/** Further forms, of which a folder has to hold exactly one file, or the shards of one. */
const FORMS: readonly RegExp[] = [/\.safetensors$/i, /\.gguf$/i, /\.(pt|pth)$/i, /\.bin$/i];

export function isWeightFile(name: string): boolean {
  return FORMS.some((form) => form.test(name)) && !NO_WEIGHTS.test(name);
}

/** The weights of a folder in one form, or those among which the choice is not clear. */
export type WeightChoice = { readonly chosen: readonly string[] } | { readonly unclear: readonly string[] };

/** Which of a folder's files are its weights. @param names of the files, without folders */
export function chooseWeights(names: readonly string[]): WeightChoice {
  for (const kind of KINDS) {
    const chosen = names.filter((name) => kind.test(name));
    if (chosen.some((name) => !name.endsWith('.json'))) return { chosen };
  }
  for (const form of FORMS) {
    const found = names.filter((name) => form.test(name) && isWeightFile(name));
    if (found.length === 0) continue;
    const stems = new Set(found.map(stemOf));
    if (stems.size > 1) return { unclear: found };
    const [stem] = stems;
    const index = names.filter((name) => name.endsWith('.index.json') && name.startsWith(`${stem}.`));
    return { chosen: [...found, ...index] };
  }
  return { chosen: [] };
}

/** The name that all shards of one file share. */
function stemOf(name: string): string {
  return name.replace(/\.[a-z]+$/i, '').replace(/-\d{5}-of-\d{5}$/, '');
}
