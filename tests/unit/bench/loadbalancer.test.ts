import { parseSTime, parseWrk } from "../../../bench/loadbalancer/measure";
import { tables } from "../../../bench/loadbalancer/table";
import { median } from "../../../bench/median";

const wrk = (more = "", p99 = "1.20ms") => `Running 4s test @ https://127.0.0.1:1/small
  1 threads and 50 connections
  Latency Distribution
     50%  900.00us
     99%    ${p99}
  4000 requests in 4.00s, 1.00MB read
${more}Requests/sec:   1000.50
`;

test.each([
  ["1.20ms", 1.2],
  ["900.00us", 0.9],
  ["1.50s", 1500],
])("wrk's rate and 99th percentile %s are read", (text, p99) => {
  expect(parseWrk(wrk("", text))).toEqual({ rate: 1000.5, p99: expect.closeTo(p99) });
});

test("a measurement with failed requests is none", () => {
  expect(() => parseWrk(wrk("  Non-2xx or 3xx responses: 7\n"))).toThrow("Non-2xx or 3xx responses: 7");
  expect(() => parseWrk(wrk("  Socket errors: connect 0, read 3, write 0, timeout 0\n"))).toThrow("read 3");
  expect(() => parseWrk("unable to connect")).toThrow("wrk measured nothing");
});

test("openssl's connections in real time are read, not those of its own CPU time", () => {
  const output =
    "210 connections in 0.35s; 600.00 connections/user sec, bytes read 0\n210 connections in 4 real seconds\n";
  expect(parseSTime(output)).toEqual({ rate: 52.5 });
  expect(() => parseSTime("0 connections in 4 real seconds")).toThrow("openssl opened no connection");
});

test("the ratio is the median of those of each run, beside the program that was written by hand", () => {
  const figures = (...rates: readonly number[]) => rates.map((rate) => ({ rate, p99: rate / 10 }));
  const text = tables(
    new Map([
      [
        "small, 1 connection",
        new Map([
          ["the server itself", figures(200, 200, 200)],
          ["nginx, the farm's", figures(90, 40, 95)],
          ["nginx, by hand", figures(100, 50, 100)],
        ]),
      ],
    ]),
  );
  expect(text.split("\n")).toEqual([
    "**small, 1 connection**",
    "",
    "| | per second | 99 %, ms | ÷ by hand |",
    "| --- | --- | --- | --- |",
    "| the server itself | 200 | 20.0 |  |",
    "| nginx, the farm's | 90 | 9.0 | 0.90 |",
    "| nginx, by hand | 100 | 10.0 |  |",
  ]);
});

test("the median of an even number of values lies between the middle ones", () => {
  expect([median([4, 1, 2, 3]), median([3, 1, 2])]).toEqual([2.5, 2]);
});
