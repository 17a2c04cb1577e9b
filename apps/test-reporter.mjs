/** One line for each test, the failures in full, and last the one line that machines read. */
export default async function* reporter(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    if (type === "test:diagnostic" && data.file) yield `        ${data.message}\n`;
    if (type !== "test:pass" && type !== "test:fail") continue;
    // A suite is counted by its tests, unless it fails by itself.
    if (data.details.type === "suite" && type === "test:pass") continue;
    const outcome = data.skip === undefined ? (type === "test:pass" ? "passed" : "failed") : "skipped";
    counts[outcome]++;
    yield `${outcome} ${data.name} (${Math.round(data.details.duration_ms)} ms)\n`;
    if (outcome === "failed") yield `${explain(data.details.error)}\n${data.file}:${data.line}\n`;
  }
  const { passed, failed, skipped } = counts;
  yield `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`;
}

function explain(error) {
  const cause = error.cause ?? error;
  return cause.stack ?? String(cause);
}
