package docker_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/dockertest"
)

func read(t *testing.T, log io.Reader) (string, error) {
	t.Helper()
	var got strings.Builder
	err := docker.Stdout(log, func(data []byte) { got.Write(data) })
	return got.String(), err
}

func TestStdout(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	var log []byte
	for _, frame := range [][]byte{
		dockertest.Frame(1, "one, "), dockertest.Frame(2, "not this"), dockertest.Frame(1, ""), dockertest.Frame(1, "two\n"),
		dockertest.Frame(2, long), dockertest.Frame(1, long),
	} {
		log = append(log, frame...)
	}
	readers := map[string]io.Reader{
		"at once":        bytes.NewReader(log),
		"byte by byte":   iotest.OneByteReader(bytes.NewReader(log)),
		"half each time": iotest.HalfReader(bytes.NewReader(log)),
		"end with data":  iotest.DataErrReader(bytes.NewReader(log)),
	}
	for name, reader := range readers {
		t.Run(name, func(t *testing.T) {
			got, err := read(t, reader)
			if err != nil || got != "one, two\n"+long {
				t.Errorf("got %d bytes, %v", len(got), err)
			}
		})
	}
}

func TestStdoutRefuses(t *testing.T) {
	frame := dockertest.Frame(1, "text")
	for name, log := range map[string][]byte{
		"what is no frame":          []byte("a log of a terminal\n"),
		"a header that is cut off":  frame[:5],
		"a piece that is cut off":   frame[:10],
		"an unknown kind of stream": dockertest.Frame(3, "text"),
	} {
		if _, err := read(t, bytes.NewReader(log)); err == nil {
			t.Errorf("%s is taken as a log", name)
		}
	}
}
