import { secretsIn } from "../secrets/in-state";
import { randomWordsIn } from "../secrets/mask";
import { secretText, type Json } from "./values";

/** Puts what is secret in a text out of sight. */
export type Hide = (text: string) => string;

/** Shorter texts of the environment stand in too many other words; nobody's passphrase is that short. */
const shortest = 6;

/**
 * The engine masks what it knows to be secret. This is the net below it, for what a program or a provider lets slip into
 * a plain value or a message: every key, password and token that is secret in the state, wherever else it stands.
 *
 * @param state what `pulumi stack export --show-secrets` prints
 * @param more secrets of the environment, e.g. the passphrase
 */
export function hiding(state: Json, more: readonly string[] = []): Hide {
  const made = secretsIn(state).flatMap(randomWordsIn);
  const given = more.map((text) => text.trim()).filter((text) => text.length >= shortest);
  const known = new Set([...made, ...given]);
  // A longer one first: another may be a part of it.
  const inOrder = [...known].sort((a, b) => b.length - a.length);
  return (text) => inOrder.reduce((rest, each) => rest.replaceAll(each, secretText), text);
}

/** A value with every text in it and every key gone over. */
export function hiddenIn(value: Json, hide: Hide): Json {
  if (typeof value === "string") return hide(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((part) => hiddenIn(part, hide));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [hide(key), hiddenIn(part, hide)]));
}

/**
 * A value with `[secret]` wherever another state of it has one: what becomes a secret was none before, and what was one
 * is likely to be the same still.
 */
export function secretAsIn(other: Json | undefined, value: Json): Json {
  if (other === secretText) return secretText;
  if (value === null || typeof value !== "object" || other === null || typeof other !== "object") return value;
  const others = other as Readonly<Record<string, Json | undefined>>;
  if (Array.isArray(value)) return value.map((part, at) => secretAsIn(others[at], part));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, secretAsIn(others[key], part)]));
}
