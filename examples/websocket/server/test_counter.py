import asyncio
import unittest

from counter import Counter


class Client:
    """A connection that sends some messages and notes what it hears."""

    def __init__(self, *messages, gone=False):
        self.messages, self.gone, self.heard = messages, gone, []

    async def send(self, text):
        if self.gone and self.heard:
            raise ConnectionError
        self.heard.append(text)

    async def __aiter__(self):
        for message in self.messages:
            await asyncio.sleep(0)
            yield message
        await asyncio.sleep(0.01)


class CounterTest(unittest.IsolatedAsyncioTestCase):
    async def test_every_client_hears_each_number(self):
        counter, speaks, hears = Counter(ConnectionError), Client("+", "+"), Client()
        await asyncio.gather(counter.serve(hears), counter.serve(speaks))
        self.assertEqual((speaks.heard, hears.heard), (["0", "1", "2"], ["0", "1", "2"]))
        self.assertEqual(counter.clients, set())

    async def test_a_client_that_is_gone_keeps_nothing_from_the_others(self):
        counter, speaks = Counter(ConnectionError), Client("+")
        await asyncio.gather(counter.serve(Client(gone=True)), counter.serve(speaks))
        self.assertEqual(speaks.heard, ["0", "1"])


if __name__ == "__main__":
    unittest.main()
