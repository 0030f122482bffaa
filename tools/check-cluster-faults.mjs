/**
 * Does to processes that train together what befalls machines, goes on with the run each time, and compares what it ends with with a
 * run that nobody disturbed. Exits 1 where a byte of the model differs, a run cannot be resumed, or a process does not end by itself.
 *
 *     EIM_ENGINES=FOLDER node tools/check-cluster-faults.mjs [killed|cut|full-disk] [--kills 6] [--seed 1]
 *
 * `killed`: random processes at random steps. `cut`: the network between two of them, by network namespaces (Linux, as root).
 * `full-disk`: that of one process's feature cache, and that of the run's folder (Linux, as root).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ClusterRun, weightsOf } from './lib/cluster-run.mjs';
import { seededRandom } from './lib/seeded-random.mjs';
import { TINY_MODEL } from './lib/tiny-model.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '6' }, seed: { type: 'string', default: '1' } },
});
const random = seededRandom(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), 'eim-cluster-faults-'));
/** A process that is gone is missed after eight seconds; a step and a start come on top. */
const MOST_SECONDS_BEHIND = 40;
const STEPS = 40;

const learn = (part) => `${part}: { select: full, learningRate: 3e-3 }`;
const segment = (words) => `    - { data: train, batchSize: 6, until: { steps: ${STEPS / 2} }, ${words} }`;
const config = join(folder, 'cluster.yaml.config.yaml');
writeFileSync(
  config,
  `${TINY_MODEL}data: { use: scenes, seed: 3, train: 80, val: 8, test: 6 }
plan:
  segments:
${segment(`name: cached, learn: { ${learn('st')} }, objective: caption`)}
${segment(`name: joint, learn: { ${learn('encoder')}, ${learn('st')} }, objective: { use: caption, auxiliary: [{ use: contrastive, weight: 0.2 }] }`)}
training: { seed: 5, checkpointEvery: 3, maxTextLength: 60 }
`,
);

const CHECKS = { killed, cut, 'full-disk': fullDisk };
const wanted = positionals.length > 0 ? positionals : Object.keys(CHECKS);
const unknown = wanted.filter((name) => !Object.hasOwn(CHECKS, name));
if (unknown.length > 0)
  throw new Error(`There is no check ${unknown.join(', ')}; there are ${Object.keys(CHECKS).join(', ')}.`);
try {
  for (const name of wanted) console.log(`${name}: ${await CHECKS[name]()}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  if (process.exitCode === 1) console.error(`Left for a look: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}

/** Kills random processes until there were enough. */
async function killed() {
  const wantedKills = Number(values.kills);
  const cluster = new ClusterRun(folder, {
    addresses: await freeAddresses(3),
    environments: caches(3, 'killed'),
  });
  const expected = await undisturbed(cluster, 'killed');
  const run = join(folder, 'killed-run');
  let kills = 0;
  for (;;) {
    const at = kills < wantedKills ? Math.floor((STEPS / 2) * random()) : undefined;
    const victim = Math.floor(3 * random());
    let done = false;
    const ended = await cluster.train(wordsFor(run), (step, children) => {
      if (done || at === undefined || step < at) return;
      done = true;
      children[victim].kill('SIGKILL');
    });
    if (!done) {
      mustEndWell(ended);
      if (kills >= wantedKills) break;
      // It was done before its step came: once more from the start.
      rmSync(run, { recursive: true });
      continue;
    }
    kills += 1;
    for (const { rank, code, signal, said } of ended)
      if (rank !== victim && !(code === 1 && said.includes('The cluster of 3 processes failed')))
        throw new Error(
          `Process ${victim} was killed, and process ${rank} ended with ${code ?? signal}:\n${said}`,
        );
  }
  mustBeSame(run, expected);
  return `${kills} kills, the same bytes`;
}

/** Cuts the network between two machines, as namespaces are. */
async function cut() {
  if (process.getuid?.() !== 0 || !canRun('ip', ['netns', 'list']))
    return 'skipped: it needs root and ip netns';
  const names = [`eim-a-${process.pid}`, `eim-b-${process.pid}`];
  const ip = (...words) => execFileSync('ip', words, { stdio: 'pipe' });
  const inside = (name, ...words) => ip('netns', 'exec', name, 'ip', ...words);
  const link = `eim${process.pid % 10_000}`;
  try {
    for (const name of names) ip('netns', 'add', name);
    ip(
      'link',
      'add',
      `${link}a`,
      'netns',
      names[0],
      'type',
      'veth',
      'peer',
      'name',
      `${link}b`,
      'netns',
      names[1],
    );
    for (const [index, name] of names.entries()) {
      const device = `${link}${'ab'[index]}`;
      inside(name, 'link', 'set', 'lo', 'up');
      inside(name, 'addr', 'add', `10.213.7.${index + 1}/24`, 'dev', device);
      inside(name, 'link', 'set', device, 'up');
    }
    const cluster = new ClusterRun(folder, {
      addresses: ['10.213.7.1:5600', '10.213.7.2:5600'],
      prefixes: names.map((name) => ['ip', 'netns', 'exec', name]),
      environments: caches(2, 'cut'),
    });
    const expected = await undisturbed(cluster, 'cut');
    const run = join(folder, 'cut-run');
    let since;
    const ended = await cluster.train(wordsFor(run), (step) => {
      if (since !== undefined || step < 10) return;
      since = performance.now();
      inside(names[0], 'link', 'set', `${link}a`, 'down');
    });
    const seconds = (performance.now() - since) / 1000;
    for (const { rank, code, signal, said } of ended)
      if (code !== 1 || !said.includes('The cluster of 2 processes failed'))
        throw new Error(`The network was cut, and process ${rank} ended with ${code ?? signal}:\n${said}`);
    if (seconds > MOST_SECONDS_BEHIND) throw new Error(`They noticed after ${seconds.toFixed(0)} s.`);
    inside(names[0], 'link', 'set', `${link}a`, 'up');
    mustEndWell(await cluster.train(wordsFor(run)));
    mustBeSame(run, expected);
    return `both ended ${seconds.toFixed(0)} s after it was cut, and went on to the same bytes`;
  } finally {
    for (const name of names) if (canRun('ip', ['netns', 'pids', name])) ip('netns', 'del', name);
  }
}

/** Lets one process write nothing into its feature cache, and then the first one nothing into the run's folder. */
async function fullDisk() {
  if (process.getuid?.() !== 0 || !canRun('mount', ['--version'])) return 'skipped: it needs root and mount';
  const small = join(folder, 'small');
  mkdirSync(small);
  const mount = (size) => execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', small]);
  const unmount = () => execFileSync('umount', [small]);
  const addresses = await freeAddresses(2);
  const expected = await undisturbed(
    new ClusterRun(folder, { addresses, environments: caches(2, 'disk') }),
    'disk',
  );
  mount('8k');
  try {
    const environments = [{ EIM_CACHE: join(folder, 'cache-other') }, { EIM_CACHE: small }];
    const run = join(folder, 'cache-full');
    mustEndWell(await new ClusterRun(folder, { addresses, environments }).train(wordsFor(run)));
    mustBeSame(run, expected);
  } finally {
    unmount();
  }
  mount('200k');
  try {
    const cluster = new ClusterRun(folder, { addresses, environments: caches(2, 'disk-2') });
    const ended = await cluster.train(wordsFor(join(small, 'run')));
    for (const { rank, code, signal, said } of ended)
      if (code !== 1)
        throw new Error(`The disk was full, and process ${rank} ended with ${code ?? signal}:\n${said}`);
    if (!/ENOSPC|no space|storage/i.test(ended[0].said))
      throw new Error(`Why it ended is not said:\n${ended[0].said}`);
  } finally {
    unmount();
  }
  return 'a full cache changes no byte; a full run folder ends both and says why';
}

/** A run with nothing amiss; its weights. */
async function undisturbed(cluster, name) {
  const whole = join(folder, `${name}-whole`);
  mustEndWell(await cluster.train([config, '--out', whole]));
  return weightsOf(whole);
}

function mustEndWell(ended) {
  for (const { rank, code, signal, said } of ended)
    if (code !== 0) throw new Error(`Process ${rank} ended with ${code ?? signal}:\n${said}`);
}

function mustBeSame(run, expected) {
  if (!weightsOf(run).equals(expected))
    throw new Error(`${run} ended with other bytes than the undisturbed run.`);
}

function wordsFor(run) {
  return existsSync(join(run, 'config.yaml')) ? ['--resume', run] : [config, '--out', run];
}

function caches(count, name) {
  return Array.from({ length: count }, (_, rank) => ({ EIM_CACHE: join(folder, `cache-${name}-${rank}`) }));
}

function canRun(program, args) {
  try {
    execFileSync(program, args, { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

async function freeAddresses(count) {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = [];
  for (const server of servers) {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push(server.address().port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports.map((port) => `127.0.0.1:${port}`);
}
