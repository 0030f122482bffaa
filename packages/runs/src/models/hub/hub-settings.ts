import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { argumentError } from '../../arguments/argument-error.js';
import type { Environment } from '../../context.js';

/** Where the hub is, and what Python's `huggingface_hub` keeps on this machine. */
export interface HubSettings {
  /** `https://huggingface.co`, or HF_ENDPOINT. */
  readonly endpoint: string;
  /** The cache that Python's programs fill, too. */
  readonly cache: string;
  readonly token: string | undefined;
  /** HF_HUB_OFFLINE: nothing is asked of the hub. */
  readonly isOffline: boolean;
}

const isSet = (value: string | undefined) => /^(1|on|yes|true)$/i.test(value ?? '');

/** Reads the variables of `huggingface_hub`: HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_TOKEN_PATH, HF_HUB_OFFLINE. */
export function hubSettings(environment: Environment): HubSettings {
  const endpoint = (environment.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint)) {
    throw argumentError(`HF_ENDPOINT is no address: ${endpoint}.`, 'Write HF_ENDPOINT=https://HOST.');
  }
  return {
    endpoint,
    cache: hubCache(environment),
    token: tokenOf(environment),
    isOffline: isSet(environment.HF_HUB_OFFLINE) || isSet(environment.TRANSFORMERS_OFFLINE),
  };
}

/** The folder of Python's cache: HF_HUB_CACHE, else `hub` in {@link hubHome}. */
export function hubCache(environment: Environment): string {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE } = environment;
  const named = HF_HUB_CACHE || HUGGINGFACE_HUB_CACHE;
  return named ? expanded(named, environment) : join(hubHome(environment), 'hub');
}

function hubHome(environment: Environment): string {
  const { HF_HOME, XDG_CACHE_HOME } = environment;
  return HF_HOME
    ? expanded(HF_HOME, environment)
    : join(XDG_CACHE_HOME || join(homeOf(environment), '.cache'), 'huggingface');
}

function tokenOf(environment: Environment): string | undefined {
  const { HF_TOKEN, HUGGING_FACE_HUB_TOKEN, HF_TOKEN_PATH, HF_HUB_DISABLE_IMPLICIT_TOKEN } = environment;
  if (isSet(HF_HUB_DISABLE_IMPLICIT_TOKEN)) return undefined;
  const named = (HF_TOKEN || HUGGING_FACE_HUB_TOKEN)?.trim();
  if (named) return named;
  const file = HF_TOKEN_PATH ? expanded(HF_TOKEN_PATH, environment) : join(hubHome(environment), 'token');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() || undefined : undefined;
}

const homeOf = ({ HOME }: Environment) => HOME || homedir();

/** As Python's `expanduser` and `expandvars` do. */
function expanded(path: string, environment: Environment): string {
  const named = path.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced, bare) => environment[braced ?? bare] ?? whole,
  );
  return resolve(named.replace(/^~(?=\/|\\|$)/, homeOf(environment)));
}
