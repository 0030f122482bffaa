/** A question with all that one row reads before it. */
export interface ChatText {
  readonly system?: string | undefined;
  readonly earlier: readonly { readonly prompt: string; readonly answer: string }[];
  readonly prompt: string;
}
