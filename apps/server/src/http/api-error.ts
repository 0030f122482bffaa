import { EimError } from '@eim/contracts';

export interface ApiErrorDetails {
  readonly status: number;
  /** What was wrong, and what to do. */
  readonly message: string;
  /** The field that was wrong. */
  readonly param?: string | undefined;
  readonly code?: string | undefined;
  /** @default 'invalid_request_error' below 500, else 'server_error' */
  readonly type?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer that says what went wrong, in the shape of OpenAI's API. */
export class ApiError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #details: ApiErrorDetails;

  constructor(details: ApiErrorDetails) {
    super(details.message);
    this.#details = details;
    this.status = details.status;
    this.headers = details.headers ?? {};
  }

  get body(): { error: { message: string; type: string; param: string | null; code: string | null } } {
    const { status, message, param = null, code = null } = this.#details;
    const type = this.#details.type ?? (status < 500 ? 'invalid_request_error' : 'server_error');
    return { error: { message, type, param, code } };
  }
}

/** A field that is wrong: status 400. */
export const fieldError = (param: string, message: string, code?: string): ApiError =>
  new ApiError({ status: 400, param, message, code });

/**
 * Any error as the client is told of it: its own mistakes in full, those of the server without their inside.
 * @param param the field that a mistake concerns
 */
export function apiErrorOf(error: unknown, param?: string): ApiError {
  if (error instanceof ApiError) return error;
  if (EimError.isInstance(error) && error.isUserMistake) {
    return new ApiError({
      status: 400,
      message: error.message,
      param,
      code: error.code.replaceAll('-', '_'),
    });
  }
  return new ApiError({ status: 500, message: 'The server failed to answer.', code: 'internal_error' });
}

/** The time of a request is over. */
export const timeoutError = (seconds: number): ApiError =>
  new ApiError({
    status: 504,
    message: `The request took more than ${seconds} seconds.`,
    code: 'timeout',
  });
