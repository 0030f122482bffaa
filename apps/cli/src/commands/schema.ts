import { createRequire } from 'node:module';
import { argumentError } from '@eim/runs/arguments';
import { defineCommand } from '../command/define-command.js';
import { JSON_OPTION } from './options.js';

/** Definitions of the published schema that a plan needs. */
const OF_PLAN = ['plan', 'segments', 'presetPlan'];

interface ConfigSchema {
  readonly $schema: string;
  readonly $defs: Readonly<Record<string, unknown>>;
}

export const schemaCommand = defineCommand({
  name: 'schema',
  summary: 'Print the JSON Schema of a config, by which editors complete and check it.',
  details: `Draft 2020-12, with the description of each field; it is also the file config.schema.json of @eim/runs. An editor with
the YAML language server takes it by a first line such as
  # yaml-language-server: $schema=node_modules/@eim/runs/config.schema.json
It takes any options of parts, data sets and objectives, which their packages check, and cannot say everything: \`eim plan
CONFIG\` checks all of a config.`,
  arguments: [
    { name: 'SECTION', description: 'config (the default), or plan for its plan alone', optional: true },
  ],
  options: { json: JSON_OPTION },
  examples: [
    { command: 'eim schema > eim.schema.json', meaning: 'for an editor' },
    { command: 'eim schema plan', meaning: 'see what a plan can hold' },
  ],
  async run({ positionals: [section = 'config'], terminal }) {
    const whole = createRequire(import.meta.url)('@eim/runs/config.schema.json') as ConfigSchema;
    terminal.stdout.write(`${JSON.stringify(partOf(whole, section), undefined, 2)}\n`);
  },
});

function partOf(whole: ConfigSchema, section: string): object {
  if (section === 'config') return whole;
  if (section !== 'plan') {
    throw argumentError(
      `There is no schema of "${section}".`,
      'Write `eim schema config` or `eim schema plan`.',
    );
  }
  const definitions = Object.fromEntries(OF_PLAN.map((name) => [name, whole.$defs[name]]));
  return { $schema: whole.$schema, title: 'A plan of eim', $ref: '#/$defs/plan', $defs: definitions };
}
