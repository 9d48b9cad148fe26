/** `namespace()`: the one kind of object whose attributes a template may set. */
export class Namespace {
  readonly attributes = new Map<string, unknown>();
}
