package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"

	"swarm-farm/toolchain/command/internal/failure"
)

// The pause after a failed dial: it grows by half each time. With the default
// limit of 10 dials a server that refuses at once gets about 25 seconds.
const (
	firstPause   = time.Second
	longestPause = 4 * time.Second
)

// permanent is an error that dialing again cannot mend.
type permanent struct{ error }

// target is an Endpoint with its defaults filled in and its keys read.
type target struct {
	address string
	name    string // user@host:port, for messages
	config  ssh.ClientConfig
	login   login
	limit   int           // negative for none
	timeout time.Duration // zero for none
}

func (e Endpoint) target() (*target, error) {
	if e.Host == "" {
		return nil, errors.New("connection.host is empty: give the name or address of a server")
	}
	port := strconv.Itoa(int(or(e.Port, 22)))
	t := &target{address: net.JoinHostPort(e.Host, port), limit: or(e.DialErrorLimit, 10)}
	t.timeout = time.Duration(or(e.PerDialTimeout, 15)) * time.Second
	t.config.User = or(e.User, "root")
	t.name = t.config.User + "@" + t.address
	t.config.HostKeyCallback = ssh.InsecureIgnoreHostKey()
	if e.HostKey != nil {
		if err := expectHostKey(&t.config, *e.HostKey); err != nil {
			return nil, err
		}
	}
	var err error
	t.login, err = e.login()
	return t, err
}

func or[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// dial connects and logs in, again and again while that fails: the server may
// still be booting. Refused logins are tried again as well, for a booting
// machine can have its SSH server up before its users' keys.
func (t *target) dial(ctx context.Context, via hop) (*ssh.Client, error) {
	pause := firstPause
	for dials := 1; ; dials++ {
		client, err := t.attempt(ctx, via)
		var final permanent
		switch {
		case err == nil:
			return client, nil
		case ctx.Err() != nil:
			return nil, fmt.Errorf("connecting to %s: %w after %d dials, the last: %w",
				t.name, failure.Interrupted(ctx), dials, err)
		case errors.As(err, &final):
			return nil, fmt.Errorf("connecting to %s: %w", t.name, final.error)
		case t.limit >= 0 && dials >= t.limit:
			return nil, fmt.Errorf("connecting to %s: gave up after %d dials (dialErrorLimit %d), the last: %w",
				t.name, dials, t.limit, err)
		}
		p.GetLogger(ctx).InfoStatusf("waiting for %s, dial %d failed: %v", t.name, dials, err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(pause*3/2, longestPause)
	}
}

// attempt is one dial. The timeout covers all of it: a booting or stuck machine
// can accept connections and then stay silent.
func (t *target) attempt(ctx context.Context, via hop) (*ssh.Client, error) {
	open, err := via(ctx)
	if err != nil {
		return nil, permanent{err}
	}
	methods, done, err := t.login.methods()
	defer done()
	if err != nil {
		return nil, permanent{err}
	}
	if t.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t.timeout)
		defer cancel()
	}
	conn, err := open(ctx, "tcp", t.address)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("no connection within %v", t.timeout)
		}
		return nil, err
	}
	// Closing is the one way to end a handshake on every kind of connection:
	// those through a bastion have no deadlines.
	keep := context.AfterFunc(ctx, func() { _ = conn.Close() })
	config := t.config
	config.Auth = methods
	client, err := handshake(conn, t.address, &config)
	if !keep() {
		if client != nil {
			_ = client.Close()
		}
		return nil, fmt.Errorf("connected, but no SSH login within %v", t.timeout)
	}
	if err != nil {
		_ = conn.Close()
		if wrong := wrongHostKey(err, t.address, &config); wrong != nil {
			return nil, permanent{wrong}
		}
		return nil, err
	}
	return client, nil
}

func handshake(conn net.Conn, address string, config *ssh.ClientConfig) (*ssh.Client, error) {
	inner, channels, requests, err := ssh.NewClientConn(conn, address, config)
	if err != nil {
		return nil, err
	}
	return ssh.NewClient(inner, channels, requests), nil
}
