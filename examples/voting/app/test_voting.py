import json
import threading
import unittest
import urllib.error
import urllib.request
from http.server import ThreadingHTTPServer

import ballot
import result
import vote
import worker


class FakeQueue:
    """Lists as Valkey keeps them: the left end is index 0."""

    def __init__(self, **lists):
        self.lists = lists

    def lmove(self, first, second, src, dest):
        source = self.lists.get(first, [])
        if not source:
            return None
        text = source.pop(0 if src == "LEFT" else -1)
        target = self.lists.setdefault(second, [])
        target.insert(0 if dest == "LEFT" else len(target), text)
        return text

    def blmove(self, first, second, timeout, src, dest):
        return self.lmove(first, second, src, dest)

    def lrem(self, name, count, value):
        self.lists[name].remove(value)


class Ballot(unittest.TestCase):
    def test_options(self):
        self.assertEqual(ballot.options(" cats, dogs"), ["cats", "dogs"])
        for wrong in ["cats", "cats,cats", "cats,,dogs"]:
            self.assertRaises(ValueError, ballot.options, wrong)

    def test_voter_keeps_the_cookie(self):
        self.assertEqual(ballot.voter("a=b; voter=" + "0" * 32), "0" * 32)
        self.assertNotEqual(ballot.voter("voter=x"), ballot.voter("voter=x"))

    def test_shares(self):
        self.assertEqual(ballot.shares({"cats": 3, "dogs": 1, "old": 9}, ["cats", "dogs"]), [("cats", 3, 75), ("dogs", 1, 25)])
        self.assertEqual(ballot.shares({}, ["cats", "dogs"]), [("cats", 0, 0), ("dogs", 0, 0)])


class Worker(unittest.TestCase):
    def test_oldest_first(self):
        first, second = (ballot.encode(ballot.Vote(who, "cats")) for who in "ab")
        queue, recorded = FakeQueue(votes=[second, first]), []
        worker.step(queue, "votes", recorded.append)
        self.assertEqual([each.voter for each in recorded], ["a"])
        self.assertEqual(queue.lists, {"votes": [second], worker.UNDER_WAY: []})

    def test_a_vote_survives_a_crash(self):
        text = ballot.encode(ballot.Vote("a", "cats"))
        queue = FakeQueue(votes=[text])

        def fail(_):
            raise OSError

        self.assertRaises(OSError, worker.step, queue, "votes", fail)
        worker.requeue(queue, "votes")
        self.assertEqual(queue.lists["votes"], [text])


class Pages(unittest.TestCase):
    def serve(self, handler):
        handler.log_message = lambda *_: None
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def test_a_vote_is_queued(self):
        queued = []
        url = self.serve(vote.handler(["cats", "dogs"], queued.append))
        with urllib.request.urlopen(url, data=b"option=cats") as answer:
            self.assertIn("voter=", answer.headers["Set-Cookie"])
        self.assertEqual(ballot.decode(queued[0]).option, "cats")

    def test_another_option_is_refused(self):
        queued = []
        url = self.serve(vote.handler(["cats", "dogs"], queued.append))
        for body in [b"option=birds", b"", b"x" * 2000]:
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(url, data=body)
            self.assertEqual(refused.exception.code, 400)
            refused.exception.close()
        self.assertEqual(queued, [])

    def test_result(self):
        url = self.serve(result.handler(["cats", "dogs"], lambda: {"cats": 2}))
        with urllib.request.urlopen(f"{url}/counts") as answer:
            self.assertEqual(json.load(answer), {"cats": 2, "dogs": 0})


if __name__ == "__main__":
    unittest.main()
