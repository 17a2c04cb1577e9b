package remote

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"swarm-farm/toolchain/command/internal/sshtest"
)

func to[T any](value T) *T { return &value }

func endpoint(s *sshtest.Server) Endpoint {
	return Endpoint{
		Host: "127.0.0.1", Port: to(float64(s.Port)), User: &s.User,
		PrivateKey: &s.PrivateKey, HostKey: &s.HostKey,
	}
}

// try dials and closes, and returns the error.
func try(t *testing.T, c Connection) error {
	t.Helper()
	link, err := c.dial(context.Background())
	if err == nil {
		_ = link.Close()
	}
	return err
}

// listen accepts connections, hands them to serve, and counts them.
func listen(t *testing.T, serve func(net.Conn)) (port int, count *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	count = new(atomic.Int32)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			count.Add(1)
			go serve(conn)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port, count
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
}

func TestDialWaitsForServerThatComesUpLate(t *testing.T) {
	t.Parallel()
	server := sshtest.New(t)
	e := endpoint(server)
	done := make(chan error, 1)
	go func() {
		link, err := Connection{Endpoint: e}.dial(context.Background())
		if err == nil {
			_ = link.Close()
		}
		done <- err
	}()
	// The first dial is refused at once, the next is a second away.
	server.Start(t)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestDialGivesUp(t *testing.T) {
	t.Parallel()
	port := sshtest.FreePort(t)
	e := Endpoint{Host: "127.0.0.1", Port: to(float64(port)), DialErrorLimit: to(2), Password: to("x")}
	wantError(t, try(t, Connection{Endpoint: e}),
		fmt.Sprintf("root@127.0.0.1:%d", port), "2 dials", "connection refused")
}

func TestPerDialTimeoutBoundsTheHandshake(t *testing.T) {
	t.Parallel()
	// Accepts and never speaks. The connections are kept from being collected.
	silent := make(chan net.Conn, 10)
	port, count := listen(t, func(conn net.Conn) { silent <- conn })
	e := Endpoint{
		Host: "127.0.0.1", Port: to(float64(port)),
		PerDialTimeout: to(1), DialErrorLimit: to(2), Password: to("x"),
	}
	begin := time.Now()
	wantError(t, try(t, Connection{Endpoint: e}), "no SSH login within 1s", "2 dials")
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	if n := count.Load(); n != 2 {
		t.Errorf("%d dials", n)
	}
}

func TestDialWithoutLimitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	port, count := listen(t, func(conn net.Conn) { _ = conn.Close() })
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	e := Endpoint{Host: "127.0.0.1", Port: to(float64(port)), DialErrorLimit: to(-1), Password: to("x")}
	go func() {
		_, err := Connection{Endpoint: e}.dial(ctx)
		done <- err
	}()
	sshtest.Wait(t, "a second dial", func() bool { return count.Load() >= 2 })
	cancel()
	wantError(t, <-done, "canceled")
}

func TestDialConfigurationErrorsNeedNoServer(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]Endpoint{
		"host is empty":   {},
		"not a public":    {Host: "h", HostKey: to("nonsense")},
		"cannot be read":  {Host: "h", PrivateKey: to("nonsense")},
		"agentSocketPath": {Host: "h", AgentSocketPath: to("/nowhere/agent")},
	} {
		wantError(t, try(t, Connection{Endpoint: e}), want)
	}
}
