/** Why a step cannot be recorded, in words that go after "because". Thrown while it is traced; nothing has run. */
export class TraceProblem extends Error {
  override readonly name: string = 'TraceProblem';
}

/** Something has to be prepared, outside a trace, before the step can be traced again. */
export class TraceAgain extends TraceProblem {
  override readonly name = 'TraceAgain';

  constructor(readonly prepare: () => void) {
    super('it could not be prepared for recording');
  }
}
