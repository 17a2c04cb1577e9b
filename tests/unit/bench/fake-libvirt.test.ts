import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesOf, PacketReader, packetStatus, packetType, type Packet } from "../../support/fake-libvirt/packets";
import { FakeLibvirt } from "../../support/fake-libvirt/server";
import { XdrReader, XdrWriter } from "../../support/fake-libvirt/xdr";

/** libvirt's number of its own protocol. */
const program = 0x20008086;

let folder: string;
let libvirt: FakeLibvirt;
let connection: Socket;
let serial: number;
const received: Packet[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fake-libvirt-"));
  libvirt = await FakeLibvirt.start(join(folder, "socket"));
  connection = createConnection(libvirt.socket);
  serial = 0;
  received.length = 0;
  const reader = new PacketReader();
  connection.on("data", (data) => received.push(...reader.take(data)));
});

afterEach(async () => {
  connection.destroy();
  await libvirt.stop();
  rmSync(folder, { recursive: true });
});

function send(procedure: number, payload: Buffer, more: Partial<Packet> = {}): void {
  const packet = { program, version: 1, procedure, type: packetType.call, serial, status: packetStatus.ok, payload };
  connection.write(bytesOf({ ...packet, ...more }));
}

async function next(): Promise<Packet> {
  for (;;) {
    const packet = received.shift();
    if (packet) return packet;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function call(procedure: number, args: XdrWriter = new XdrWriter()): Promise<Packet> {
  serial += 1;
  send(procedure, args.bytes);
  const answer = await next();
  expect(answer).toMatchObject({ procedure, serial, type: packetType.reply });
  return answer;
}

const text = (value: string) => new XdrWriter().text(value);

test("a pool that was defined is found by its name and its UUID, and its XML has the UUID", async () => {
  await call(77, text("<pool type='dir'><name>farm</name><target><path>/p</path></target></pool>").uint(0));
  const found = new XdrReader((await call(84, text("farm"))).payload);
  expect(found.text()).toBe("farm");
  const uuid = found.fixed(16);
  expect(new XdrReader((await call(85, new XdrWriter().fixed(uuid))).payload).text()).toBe("farm");
  const xml = new XdrReader((await call(88, text("farm").fixed(uuid))).payload).text();
  expect(xml.replaceAll("-", "")).toContain(`<uuid>${uuid.toString("hex")}</uuid>`);
  expect([...libvirt.requests]).toEqual([
    ["pool define", 1],
    ["pool by name", 1],
    ["pool by UUID", 1],
    ["pool XML", 1],
  ]);
});

test("a missing object is libvirt's error of that kind, and so is a procedure that is not simulated", async () => {
  const missing = await call(84, text("farm"));
  expect(missing.status).toBe(packetStatus.error);
  const error = new XdrReader(missing.payload);
  expect([error.uint(), error.uint(), error.uint(), error.text()]).toEqual([49, 0, 1, "no pool 'farm'"]);
  expect(new XdrReader((await call(12)).payload).uint()).toBe(3);
});

test("an upload is what a download of the volume gives, and its end is confirmed", async () => {
  await call(77, text("<pool><name>farm</name><path>/p</path></pool>").uint(0));
  await call(
    93,
    new XdrWriter().text("farm").fixed(Buffer.alloc(16)).text("<volume><name>a.iso</name></volume>").uint(0),
  );
  const volume = () => text("farm").text("a.iso").text("/p/a.iso");
  await call(208, volume());
  for (const part of ["hal", "f"])
    send(208, Buffer.from(part), { type: packetType.stream, status: packetStatus.continue });
  send(208, Buffer.alloc(0), { type: packetType.stream });
  expect(await next()).toMatchObject({ type: packetType.stream, status: packetStatus.ok });
  await call(209, volume());
  const [part, end] = [await next(), await next()];
  expect(part).toMatchObject({ type: packetType.stream, status: packetStatus.continue });
  expect(part.payload.toString()).toBe("half");
  expect(end).toMatchObject({ type: packetType.stream, status: packetStatus.ok });
});

test("a volume has the size that it was made with: of another one the provider would replace the disk", async () => {
  await call(77, text("<pool><name>farm</name><path>/p</path></pool>").uint(0));
  const xml = '<volume><name>a.qcow2</name><capacity unit="B">10737418240</capacity></volume>';
  await call(93, new XdrWriter().text("farm").fixed(Buffer.alloc(16)).text(xml).uint(0));
  const info = new XdrReader((await call(98, text("farm").text("a.qcow2").text("/p/a.qcow2"))).payload);
  expect([info.uint(), info.uint() * 2 ** 32 + info.uint()]).toEqual([0, 10 * 2 ** 30]);
});

test("packets are whole, however their bytes arrive", () => {
  const packet = { program, version: 1, procedure: 1, type: 0, serial: 7, status: 0, payload: Buffer.from("abcd") };
  const reader = new PacketReader();
  const bytes = Buffer.concat([bytesOf(packet), bytesOf({ ...packet, serial: 8 })]);
  const packets = [...bytes].flatMap((byte) => reader.take(Buffer.from([byte])));
  expect(packets.map(({ serial: each, payload }) => [each, payload.toString()])).toEqual([
    [7, "abcd"],
    [8, "abcd"],
  ]);
});

test("XDR aligns to four bytes, and has 64 bits", () => {
  expect(
    new XdrWriter()
      .text("abcde")
      .ulong(2 ** 40 + 1)
      .bytes.toString("hex"),
  ).toBe("0000000561626364650000000000010000000001");
});
