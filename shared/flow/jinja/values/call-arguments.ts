/** The evaluated arguments of a call, given by position or by name. */
export interface CallArguments {
  values: unknown[];
  named: ReadonlyMap<string, unknown>;
}
