import { hashJson } from '@eim/core/node';
import { parse } from 'yaml';

/**
 * Hash of a run's `config.yaml`, whatever the order of its keys. The run's name is left out, and the engine, which is
 * recorded by itself.
 */
export function hashConfig(yaml: string): Promise<string> {
  const { name: _, engine: __, ...config } = parse(yaml) as Record<string, unknown>;
  return hashJson(config);
}
