import { freePort } from "../../support/free-port";

test("two parts of a test never get the same port, though the first one does not listen yet", async () => {
  // So many of Linux' 28,232 that some would be given twice in most runs.
  const count = 400;
  const ports = new Set<number>();
  for (let each = 0; each < count; each++) ports.add(await freePort());
  expect(ports.size).toBe(count);
});
