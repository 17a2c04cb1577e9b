/**
 * The texts of every secret of a state: a secret is a text, or JSON with texts.
 *
 * @param state parsed output of `pulumi stack export --show-secrets`
 */
export function secretsIn(state: unknown): readonly string[] {
  if (typeof state !== "object" || state === null) return [];
  if (Array.isArray(state)) return state.flatMap(secretsIn);
  const { plaintext } = state as { readonly plaintext?: unknown };
  if (typeof plaintext === "string") return textsIn(opened(plaintext));
  return Object.values(state).flatMap(secretsIn);
}

/** The texts of a value, including those of JSON in a text. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === "number") return [String(value)];
  if (typeof value === "string") {
    const inside = opened(value);
    return inside === value ? [value] : [value, ...textsIn(inside)];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => (isSeen(key, value) ? [] : textsIn(inside)));
}

/** Parts of a connection by ssh that everybody on the farm's network sees. Pulumi's state has a connection as a secret as a whole. */
const seenParts = new Set(["host", "port", "user", "hostKey"]);

function isSeen(key: string, value: object): boolean {
  return seenParts.has(key) && "host" in value && "privateKey" in value;
}

function opened(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
