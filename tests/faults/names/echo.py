"""Sends back what it gets: lines of TCP at port 9000 and of TLS at 9002, datagrams at 9001."""

import asyncio
import ssl


async def lines(reader, writer):
    while line := await reader.readline():
        writer.write(b"heard " + line)
        await writer.drain()
    writer.close()


class Datagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.transport.sendto(b"heard " + data, address)


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain("/run/secrets/tls.pem")
    plain = await asyncio.start_server(lines, port=9000)
    secure = await asyncio.start_server(lines, port=9002, ssl=context)
    await asyncio.get_running_loop().create_datagram_endpoint(Datagrams, local_addr=("0.0.0.0", 9001))
    await asyncio.gather(plain.serve_forever(), secure.serve_forever())


asyncio.run(main())
