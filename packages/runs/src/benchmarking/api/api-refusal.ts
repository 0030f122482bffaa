import { EimError, type EimErrorCode } from '@eim/contracts';

/** What a server said instead of an answer. */
export interface Refusal {
  readonly url: string;
  readonly status: number;
  /** The server's own words, on one line. */
  readonly said: string;
  /** The field that it names. */
  readonly param: string | undefined;
  readonly code: string | undefined;
}

/** Reads the body of an error: in OpenAI's shape, in that of another server, or whatever it is. */
export function readRefusal(url: string, status: number, body: string): Refusal {
  const fields = fieldsOf(body);
  const error = isObject(fields.error) ? fields.error : fields;
  const told = [error.message, fields.error, fields.message, fields.detail];
  const message = told.find((each) => typeof each === 'string') ?? body;
  const said = String(message).replace(/\s+/g, ' ').trim().slice(0, 300);
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { url, status, said, param: text(error.param), code: text(error.code) };
}

/** Whether the same request may be answered a moment later. A quota that is used up is not filled again. */
export const isPassing = ({ status, code }: Refusal): boolean =>
  code !== 'insufficient_quota' && (status === 408 || status === 429 || status >= 500);

const isAboutModel = ({ status, code, said }: Refusal): boolean =>
  status === 404 && (code === 'model_not_found' || /\bmodel\b/i.test(said));

/** Whether an error says that the server has no such model. */
export const lacksModel = (error: unknown): boolean =>
  EimError.isInstance(error) &&
  error.data.refusal !== undefined &&
  isAboutModel(error.data.refusal as Refusal);

/** Whether the server wants the number of new tokens under OpenAI's newer name. */
export const wantsNewerLimit = (error: unknown): boolean => {
  if (!EimError.isInstance(error) || error.data.refusal === undefined) return false;
  const { status, said } = error.data.refusal as Refusal;
  return status === 400 && said.includes('max_completion_tokens');
};

/**
 * The error that a refusal is for the user; its data hold the refusal.
 * @param asked what was asked, for a person: an item's name
 */
export function refusalError(refusal: Refusal, asked: string): EimError {
  const { url, status, said, code: reason } = refusal;
  const words = said === '' ? '' : `: ${said.replace(/\.$/, '')}`;
  const error = (code: EimErrorCode, message: string, advice: string) =>
    new EimError({ code, message: `${message}${words}.`, advice, data: { refusal } });
  if (status === 401 || status === 403) {
    const advice = 'Name the environment variable that holds your key by --api-key-env NAME.';
    return error('access-refused', `${url} refuses access (status ${status})`, advice);
  }
  if (reason === 'insufficient_quota') {
    const advice = 'Once there is more of it, the same command goes on where this one ended.';
    return error('access-refused', `The quota at ${url} is used up`, advice);
  }
  if (isPassing(refusal)) {
    const advice =
      'The same command goes on where this one ended; with a smaller --concurrency it asks less.';
    return error('network-failed', `${url} answers with status ${status}, again and again`, advice);
  }
  if (isAboutModel(refusal)) {
    return error('invalid-argument', `${url} has no such model`, 'Name one that it has by --model.');
  }
  if (status === 404 || status === 405) {
    const advice = 'Check the address: it is what stands before /chat/completions, and mostly ends in /v1.';
    return error('invalid-argument', `${url} does not know the route (status ${status})`, advice);
  }
  const advice = 'See what the server supports; the answers so far are kept.';
  return error('invalid-argument', `${url} refuses ${asked} (status ${status})`, advice);
}

function fieldsOf(body: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(body);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
