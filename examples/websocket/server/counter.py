"""The counter and its clients, without the network, so that tests need none."""


class Counter:
    def __init__(self, closed: type[Exception]) -> None:
        """
        :param closed: what a connection raises when its client is gone
        """
        self.closed = closed
        self.count = 0
        self.clients = set()

    async def serve(self, client) -> None:
        """Answers the number at once, and after each message of any client.

        :param client: a connection: messages by `async for`, and `send`
        """
        self.clients.add(client)
        try:
            await client.send(str(self.count))
            async for _ in client:
                self.count += 1
                await self.tell(str(self.count))
        except self.closed:
            pass
        finally:
            self.clients.discard(client)

    async def tell(self, text: str) -> None:
        """One client that is gone does not keep the number from the others."""
        for client in list(self.clients):
            try:
                await client.send(text)
            except self.closed:
                self.clients.discard(client)
