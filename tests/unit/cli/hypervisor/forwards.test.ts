import { existsSync } from "node:fs";
import { join } from "node:path";
import { endpointOf, forwardedUrl, startForwards, stopForwards } from "../../../../cli/hypervisor/forwards";
import { FakeFarm } from "../../../support/fake-farm";

test.each([
  ["http://10.77.0.11:8080", "10.77.0.11", 8080, "127.0.0.1", "http://127.0.0.1:9/"],
  ["https://10.77.0.11/visualizer/", "10.77.0.11", 443, "127.0.0.1", "https://127.0.0.1:9/visualizer/"],
  ["http://lamp.localhost/a?b=c", "10.0.0.1", 80, "lamp.localhost", "http://lamp.localhost:9/a?b=c"],
  ["tcp://10.77.0.11:5432", "10.77.0.11", 5432, "127.0.0.1", "tcp://127.0.0.1:9"],
  ["https://lamp.example:8443/", "10.0.0.1", 8443, "127.0.0.1", "https://127.0.0.1:9/"],
])("%s is forwarded to %s port %d, and shown at %s", (url, address, port, shown, forwarded) => {
  const endpoint = endpointOf(url, "10.0.0.1");
  expect(endpoint).toEqual({ address, port, shown });
  expect(forwardedUrl(url, endpoint, 9)).toBe(forwarded);
});

test("forwards no ports of a farm whose libvirtd does not run", async () => {
  const farm = new FakeFarm();
  try {
    farm.state("hypervisor", "isolated\n");
    const addresses = {
      nodes: [{ address: "10.0.0.1" }],
      urls: { hello: "http://10.0.0.1:8080", lamp: "https://10.0.0.1/", other: "https://10.0.0.1/other/" },
    };
    const folder = join(farm.context().folders.state, "forward");
    await startForwards(farm.context(), addresses);
    expect(existsSync(folder)).toBe(false);
  } finally {
    farm.remove();
  }
});

test("does not end listeners of another program", () => {
  const farm = new FakeFarm();
  try {
    const file = farm.state("forward/a.pid", `${String(process.pid)}\n`);
    stopForwards(farm.context());
    expect(existsSync(file)).toBe(false);
  } finally {
    farm.remove();
  }
});
