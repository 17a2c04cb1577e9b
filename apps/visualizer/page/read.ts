import { addressOf } from "./address.ts";

/** Reads JSON of the server by its path; `failed` makes the answer where there is none, of the reason in words for a person. */
export async function readJson<T>(path: string, failed: (problem: string) => T): Promise<T> {
  try {
    const answer = await fetch(addressOf(path));
    return answer.ok ? ((await answer.json()) as T) : failed(`the server answers ${answer.status}`);
  } catch {
    return failed("the server does not answer");
  }
}
