/** A sort of lines; each has its number, by which lost and doubled ones are found. */
export interface Lines {
  readonly name: string;
  /** Lines a second, of which one sender cannot take all. */
  readonly tooMany: number;
  message(number: number): string;
}

/** Numbers that look random and are the same in each run. */
const mixed = (number: number) => Math.imul(number ^ 0x9e3779b9, 0x85ebca6b) >>> 0;

const words = "order cart user session cache retry upstream query index token mail queue worker price stock".split(" ");

/** An access log's line of about 120 bytes. */
export const short: Lines = {
  name: "120 B",
  tooMany: 120_000,
  message: (number) => {
    const random = mixed(number);
    const path = `/shop/${words[random % words.length] ?? ""}/${String(random % 100_000)}?ref=${random.toString(16).padStart(8, "0")}`;
    return `seq=${String(number)} 10.0.1.${String(random % 250)} "GET ${path} HTTP/1.1" 200 ${String(random % 50_000)} 0.0${String(random % 100)} "curl/8.14.1"`.padEnd(
      120,
    );
  },
};

/** An application's structured line of about 1 kB. */
export const long: Lines = {
  name: "1 kB",
  tooMany: 20_000,
  message: (number) => {
    let text = `seq=${String(number)} {"level":"info","msg":"`;
    for (let at = 0; text.length < 990; at += 1) {
      const random = mixed(number * 64 + at);
      text += `${words[random % words.length] ?? ""} ${at % 4 === 0 ? (random >>> 8).toString(16) : String(random % 1000)} `;
    }
    return `${text}"}`;
  },
};

/** Messages of a load, made beforehand so that a rate costs as little of the machine as it can. */
export function messagesOf(lines: Lines, count: number): string[] {
  return Array.from({ length: Math.round(count) }, (_, number) => lines.message(number));
}
