/** Says each test's name, outcome and time, why it failed, and at the very end how many passed and failed. */
export default async function* report(events) {
  let passed = 0;
  let failed = 0;
  for await (const event of events) {
    switch (event.type) {
      case "test:stdout":
      case "test:stderr":
        yield event.data.message;
        break;
      case "test:pass":
        passed++;
        yield line("passed", event.data);
        break;
      case "test:fail": {
        failed++;
        yield line("failed", event.data);
        const { error } = event.data.details;
        yield `${error.cause?.stack ?? error.stack ?? error}\n`;
      }
    }
  }
  yield `${passed} passed, ${failed} failed\n`;
}

const line = (outcome, { name, details }) => `${outcome} ${name} (${Math.round(details.duration_ms)} ms)\n`;
