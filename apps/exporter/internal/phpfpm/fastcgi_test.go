package phpfpm

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/fcgi"
	"strings"
	"testing"
	"time"
)

// serve answers FastCGI at an address of loopback as Go's own server does, and ends with the test.
func serve(t *testing.T, address string, handler http.HandlerFunc) net.Addr {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() { _ = fcgi.Serve(listener, handler) }()
	return listener.Addr()
}

// raw sends the same bytes to each that connects.
func raw(t *testing.T, bytes string) net.Addr {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = connection.Write([]byte(bytes))
			_, _ = connection.Read(make([]byte, 4096))
			connection.Close()
		}
	}()
	return listener.Addr()
}

func recordOf(kind byte, content string) string {
	return string([]byte{1, kind, 0, 1, byte(len(content) >> 8), byte(len(content)), 0, 0}) + content
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestGetAsksAsAWebServerDoes(t *testing.T) {
	at := serve(t, "127.0.0.1:0", func(answer http.ResponseWriter, request *http.Request) {
		fmt.Fprintf(answer, "%s %s %s", request.Method, request.URL.Path, request.URL.RawQuery)
	})
	text, err := get(soon(t), at.String(), StatusPath, "openmetrics")
	if err != nil || string(text) != "GET /../status openmetrics" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestGetTakesAnswersOfSeveralRecords(t *testing.T) {
	want := strings.Repeat("0123456789abcdef", 2000)
	at := serve(t, "127.0.0.1:0", func(answer http.ResponseWriter, _ *http.Request) {
		for part := 0; part < len(want); part += 5000 {
			fmt.Fprint(answer, want[part:min(part+5000, len(want))])
			answer.(http.Flusher).Flush()
		}
	})
	text, err := get(soon(t), at.String(), "/", "")
	if err != nil || string(text) != want {
		t.Errorf("got %d bytes, %v", len(text), err)
	}
}

func TestGetRefuses(t *testing.T) {
	notFound := serve(t, "127.0.0.1:0", func(answer http.ResponseWriter, _ *http.Request) { answer.WriteHeader(http.StatusNotFound) })
	endless := serve(t, "127.0.0.1:0", func(answer http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(answer, strings.Repeat("x", 2*maxAnswer))
	})
	for name, test := range map[string]struct {
		at   net.Addr
		want string
	}{
		"another status":      {notFound, "it answers 404"},
		"a page without end":  {endless, "it is too long"},
		"HTTP":                {raw(t, "HTTP/1.1 400 Bad Request\r\n\r\n"), "it breaks off"},
		"half a record":       {raw(t, recordOf(stdout, "Content-Type: text/plain")[:12]), "it breaks off"},
		"no end":              {raw(t, recordOf(stdout, "Status: 200 OK\r\n\r\nhello")), "it breaks off"},
		"no headers":          {raw(t, recordOf(stdout, "hello")+recordOf(endRequest, "\x00\x00\x00\x00\x00\x00\x00\x00")), "it has no headers"},
		"an end without page": {raw(t, recordOf(endRequest, "\x00\x00\x00\x00\x03\x00\x00\x00")), "it has no headers"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := get(soon(t), test.at.String(), "/", "")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %q and %v, want %q", text, err, test.want)
			}
		})
	}
}

func TestGetTakesErrorsOfScriptsForNoPartOfThePage(t *testing.T) {
	const stderr = 7
	end := recordOf(endRequest, "\x00\x00\x00\x00\x00\x00\x00\x00")
	at := raw(t, recordOf(stderr, "PHP message")+recordOf(stdout, "Content-type: a/b\r\n\r\nhello")+end)
	if text, err := get(soon(t), at.String(), "/", ""); err != nil || string(text) != "hello" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestGetEndsWithItsContext(t *testing.T) {
	held := make(chan struct{})
	at := serve(t, "127.0.0.1:0", func(http.ResponseWriter, *http.Request) { <-held })
	defer close(held)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := get(ctx, at.String(), "/", ""); err == nil {
		t.Error("it has an answer")
	}
	if _, err := get(soon(t), "127.0.0.1:1", "/", ""); err == nil {
		t.Error("nobody answers")
	}
}
