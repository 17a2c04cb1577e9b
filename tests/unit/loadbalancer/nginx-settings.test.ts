import { nginxConfig } from "../../../stacks/loadbalancer/nginx";
import { planOf } from "../../support/balancer";
import { blocksOf, readNginx } from "../../support/nginx-conf";

test("a redirect of nginx's own names neither the host nor the port in the container", () => {
  expect(blocksOf(readNginx(nginxConfig(planOf({}))), "http")[0]?.lines).toContain("absolute_redirect off;");
});

test("headers of 32 KiB pass in both directions, with HTTP and with FastCGI", () => {
  expect(blocksOf(readNginx(nginxConfig(planOf({}))), "http")[0]?.lines).toEqual(
    expect.arrayContaining([
      "large_client_header_buffers 2 36k;",
      ...["proxy", "fastcgi"].flatMap((use) => [
        `${use}_buffer_size 36k;`,
        `${use}_buffers 8 8k;`,
        `${use}_busy_buffers_size 36k;`,
      ]),
    ]),
  );
});

test("a client has 20 s for its headers, and a minute between two parts of a body", () => {
  expect(blocksOf(readNginx(nginxConfig(planOf({}))), "http")[0]?.lines).toEqual(
    expect.arrayContaining(["client_header_timeout 20s;", "client_body_timeout 60s;"]),
  );
});
