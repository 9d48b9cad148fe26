/** A field that a record has itself, under whatever name: not what every object inherits, such as `constructor`. */
export function ownField(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
