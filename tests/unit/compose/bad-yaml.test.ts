import { service } from "../../support/compose/cases";
import { file, type Refusals, refusedOf } from "../../support/compose/refused";

const laughs = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
  .concat(
    Array.from("bcdefghij").map(
      (name, i) =>
        `${name}: &${name} [${Array(10)
          .fill(`*${"abcdefghi"[i] ?? ""}`)
          .join(", ")}]`,
    ),
  )
  .join("\n");

const refusals: Refusals = {
  "no mapping": [file("- a\n- b\n"), "compose.yaml:1: the file is a list, not a mapping; begin with 'services:'"],
  "an empty file": [file(""), "compose.yaml:1: the file is empty, not a mapping; begin with 'services:'"],
  "a text": [file("hello"), "compose.yaml:1: the file is the text 'hello', not a mapping; begin with 'services:'"],
  "a cyclic anchor": [
    file("x-a: &a\n  b: *a\nservices: {}\n"),
    "compose.yaml:2: an alias stands inside of what it names; name another anchor",
  ],
  "a billion laughs": [
    file(laughs),
    "compose.yaml:1: aliases make more than 100000 values of this file; repeat less by aliases",
  ],
  "an alias of nothing": [
    file("a: 1\nb: *c\n"),
    "compose.yaml:2: the alias '*c' has no anchor before it; define '&c' further up",
  ],
  "a tab": [
    file("services:\n  web:\n\timage: a\n"),
    "compose.yaml:3: a tab indents this line; YAML takes spaces alone, on each line",
  ],
  "tabs on every line": [
    file("services:\n\tweb:\n\t\timage: a\n"),
    "compose.yaml:2: a tab indents this line; YAML takes spaces alone, on each line",
  ],
  "a key twice": [
    file("services:\n  web:\n    image: a\n    image: b\n"),
    "compose.yaml:4: a key of this mapping is given twice; remove one of the two",
  ],
  "a second document": [
    file("services: {}\n---\na: 1\n"),
    "compose.yaml:2: a second document begins here, which docker ignores; make it a file of its own",
  ],
  "a tag of Docker Compose": [
    service("ports: !reset []"),
    "compose.yaml:4: the tag '!reset' is not known: it is Docker Compose's own, and docker stack deploy has none; split the files so that nothing has to be taken back",
  ],
  "another tag": [
    service("user: !secret a"),
    "compose.yaml:4: the tag '!secret' is not known; write the value without a tag",
  ],
  "a key that is a number": [
    service("labels: {1: a}"),
    "compose.yaml:4: the key '1' is no text to YAML; write \"1\" in quotes",
  ],
  "<< of a text": [
    service("<<: a"),
    "compose.yaml:4: '<<' takes a mapping or a list of mappings; name an anchor of one",
  ],
  "yes for a boolean": [
    service("read_only: yes"),
    "compose.yaml:4: services.web.read_only: 'yes' is text to YAML 1.2 and to docker; write true",
  ],
  "a date for a text": [
    service("hostname: 2020-01-01"),
    "compose.yaml:4: services.web.hostname: the date '2020-01-01' is no text to YAML; write \"2020-01-01\" in quotes",
  ],
  "an octal for a text": [
    service("user: 0100"),
    "compose.yaml:4: services.web.user: the number '0100' is no text to YAML; write \"0100\" in quotes",
  ],
};

test.each(Object.entries(refusals))(
  "%s is refused with file, line and what to do",
  async (_name, [one, ...messages]) => {
    expect(await refusedOf(one)).toEqual(messages);
  },
);

test("a quote that is open is refused", async () => {
  const [message] = await refusedOf(file('services: {web: {image: "a}}\n'));
  expect(message).toMatch(/^compose.yaml:\d: no YAML: missing closing/);
});

test.each([10_000, 30_000])("%i brackets in brackets are refused", async (count) => {
  expect(await refusedOf(file(`x-a: ${"[".repeat(count)}${"]".repeat(count)}`))).toEqual([
    "compose.yaml:1: values stand in one another too deeply; nest less",
  ]);
});
