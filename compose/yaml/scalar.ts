/** A plain scalar as Go's YAML resolves it, on which docker's client stands: it is neither YAML 1.1 nor 1.2. */
export type Scalar =
  | { readonly type: "null"; readonly value: null }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "number"; readonly value: number; readonly text: string }
  | { readonly type: "date"; readonly text: string }
  | { readonly type: "string"; readonly value: string };

const words = new Map<string, Scalar>([
  ...["", "~", "null", "Null", "NULL"].map((word): [string, Scalar] => [word, { type: "null", value: null }]),
  ...["true", "True", "TRUE"].map((word): [string, Scalar] => [word, { type: "boolean", value: true }]),
  ...["false", "False", "FALSE"].map((word): [string, Scalar] => [word, { type: "boolean", value: false }]),
]);

const integer = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const date = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/;

/** Resolves a scalar without quotes. Go prints what it resolved, so that `010` becomes the text `8`. */
export function resolveScalar(source: string): Scalar {
  const word = words.get(source);
  if (word) return word;
  if (isDate(source)) return { type: "date", text: source };
  const plain = /^[-+0-9]/.test(source) ? source.replaceAll("_", "") : source;
  const whole = integer.exec(plain);
  if (whole) return integerOf(whole[1] === "-", whole[2] ?? "0");
  if (float.test(plain)) return { type: "number", value: Number(plain), text: printFloat(Number(plain)) };
  return { type: "string", value: source };
}

function integerOf(negative: boolean, digits: string): Scalar {
  const octal = /^0[0-7]+$/.test(digits);
  const size = BigInt(octal ? `0o${digits.slice(1)}` : digits.toLowerCase());
  const value = negative ? -size : size;
  return { type: "number", value: Number(value), text: String(value) };
}

/** As Go prints a float by default: with an exponent of two digits from 1e6 on and below 1e-4. */
function printFloat(value: number): string {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const size = Number(exponent);
  if (value === 0 || (size >= -4 && size < 6)) return decimal(value);
  return `${mantissa}e${size < 0 ? "-" : "+"}${String(Math.abs(size)).padStart(2, "0")}`;
}

function decimal(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function isDate(source: string): boolean {
  const [, year, month, day, ...time]: (string | undefined)[] = date.exec(source) ?? [];
  if (year === undefined) return false;
  const [hour, minute, second] = [time[0], time[1], time[2]].map((part) => Number(part ?? 0));
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const inYear = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days;
  return inYear && (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60;
}
