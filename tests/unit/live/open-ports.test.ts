import { portsIn } from "../../live/parts/open-ports";

test("ports are those of listeners that are reached from elsewhere, once each", () => {
  const listeners = `tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*
tcp LISTEN 0 128 [::]:22 [::]:*
tcp   LISTEN 0      4096         127.0.0.1:35231      0.0.0.0:*
tcp LISTEN 0 4096 *:8080 *:*
udp UNCONN 0 0 10.77.0.1%virbr1:53 0.0.0.0:*
udp UNCONN 0 0 [::1]:323 [::]:*
tcp DNAT 0 0 0.0.0.0:443`;
  expect(portsIn(listeners, "tcp")).toEqual([22, 443, 8080]);
  expect(portsIn(listeners, "udp")).toEqual([53]);
});
