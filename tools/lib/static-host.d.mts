export interface StaticHost {
  readonly url: string;
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export function startStaticHost(
  folder: string,
  options?: { readonly headers?: Readonly<Record<string, string>>; readonly under?: string },
): Promise<StaticHost>;
