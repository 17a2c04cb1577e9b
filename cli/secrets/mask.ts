/** Masks every secret in a text. */
export type Mask = (text: string) => string;

/** The replacement of a secret, as in Pulumi's output. */
export const masked = "[secret]";

/** Shorter secrets occur in too many words to be masked. */
export const shortestSecret = 4;

/** Patterns of secrets that are not in the state: Swarm's tokens and keys, private keys, credentials of requests and URLs. */
const forms: readonly (readonly [form: RegExp, replacement: string])[] = [
  [/SWM(TKN|KEY)-1-[A-Za-z0-9+/=-]+/g, masked],
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^]*?(-----END \1-----|$)/g, masked],
  [/\b(Basic|Bearer) [A-Za-z0-9+/=._~-]{8,}/g, `$1 ${masked}`],
  [/(:\/\/[^\s/:@]+):[^\s/@]+@/g, `$1:${masked}@`],
  [/("?ciphertext"?: *|secure: *|encryptionsalt: *)("[^"]*"|\S+)/g, `$1${masked}`],
];

/** A random word of a longer text: a key, a password, a token; not a name, address or path. */
const token = /[A-Za-z0-9+/=_-]{16,}/g;
const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/];

/**
 * @param secrets in clear. Of a text of several lines (a key, a file) each word that looks like a key is a secret too
 * @returns a mask that also finds them in base64, URL-encoded, and escaped as in JSON and XML
 */
export function maskOf(secrets: Iterable<string>): Mask {
  const words = [...secrets].map((secret) => secret.trim()).flatMap((secret) => [secret, ...keysIn(secret)]);
  const encoded = new Set(words.filter(({ length }) => length >= shortestSecret).flatMap(encodings));
  // The longest first: another may be a part of it.
  const inOrder = [...encoded].sort((a, b) => b.length - a.length);
  return (text) => {
    const known = inOrder.reduce((rest, each) => (rest.includes(each) ? rest.replaceAll(each, masked) : rest), text);
    return forms.reduce((rest, [form, replacement]) => rest.replaceAll(form, replacement), known);
  };
}

function keysIn(text: string): readonly string[] {
  return /\s/.test(text) ? randomWordsIn(text) : [];
}

/** The words of a text that look random: keys, passwords, tokens. */
export function randomWordsIn(text: string): readonly string[] {
  return (text.match(token) ?? []).filter((word) => kinds.every((kind) => kind.test(word)));
}

/** All encodings of a secret in a text. */
function encodings(secret: string): readonly string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  return [
    secret,
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    url,
    url.replaceAll("%20", "+"),
    url.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
    secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    ...base64(secret),
  ];
}

/** The base64 characters that depend on the secret alone, for each offset of the secret in the encoded data. */
function base64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    const own = encoded.slice(first, last);
    // Shorter ones occur in too many words.
    return own.length < shortestSecret ? [] : [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
