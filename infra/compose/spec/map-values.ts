/** An object with each value changed. */
export function mapValues<From, To>(all: Readonly<Record<string, From>>, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, change(value)]));
}
