import { secretsIn } from "../secrets/in-state";
import { randomWordsIn } from "../secrets/mask";
import { secretText, type Json } from "./values";

/** Masks the secrets in a text. */
export type Hide = (text: string) => string;

/** Shorter values of the environment occur in too many words to be masked. */
const shortest = 6;

/**
 * The engine masks known secrets. This mask also finds every key, password and token of the state in plain values and messages of
 * a program or provider.
 *
 * @param state what `pulumi stack export --show-secrets` prints
 * @param more secrets of the environment, e.g. the passphrase
 */
export function hiding(state: Json, more: readonly string[] = []): Hide {
  const made = secretsIn(state).flatMap(randomWordsIn);
  const given = more.map((text) => text.trim()).filter((text) => text.length >= shortest);
  const known = new Set([...made, ...given]);
  // The longest first: another may be a part of it.
  const inOrder = [...known].sort((a, b) => b.length - a.length);
  return (text) => inOrder.reduce((rest, each) => rest.replaceAll(each, secretText), text);
}

/** A value with a function applied to every key and text. */
export function hiddenIn(value: Json, hide: Hide): Json {
  if (typeof value === "string") return hide(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((part) => hiddenIn(part, hide));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [hide(key), hiddenIn(part, hide)]));
}

/**
 * A value with `[secret]` wherever its other state has a secret: a value that becomes secret was plain before.
 */
export function secretAsIn(other: Json | undefined, value: Json): Json {
  if (other === secretText) return secretText;
  if (value === null || typeof value !== "object" || other === null || typeof other !== "object") return value;
  const others = other as Readonly<Record<string, Json | undefined>>;
  if (Array.isArray(value)) return value.map((part, at) => secretAsIn(others[at], part));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, secretAsIn(others[key], part)]));
}
