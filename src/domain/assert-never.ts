/** An impossible state: the compiler proves that no value gets here; at run time it is a bug and says so. */
export function assertNever(value: never, what = 'value'): never {
  throw new TypeError(`impossible ${what}: ${JSON.stringify(value)}`);
}
