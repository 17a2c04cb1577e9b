package remote

import (
	"context"
	"fmt"
	"net"

	"golang.org/x/crypto/ssh"
)

// opener opens a TCP connection like net.Dialer.DialContext.
type opener func(ctx context.Context, network, address string) (net.Conn, error)

// hop gets the way to a server ready and returns the opener for it.
type hop func(context.Context) (opener, error)

// direct is the hop to a server without a bastion.
func direct(context.Context) (opener, error) { return new(net.Dialer).DialContext, nil }

// link is a live connection to a server.
type link struct {
	*ssh.Client
	name string
	// bastion ends the connection to the bastion, if there is one.
	bastion func()
}

// Close ends the connection, that to the bastion included.
func (l *link) Close() error {
	defer l.bastion()
	return l.Client.Close()
}

// dial connects to the server, through the bastion if there is one.
func (c Connection) dial(ctx context.Context) (*link, error) {
	server, err := c.target()
	if err != nil {
		return nil, err
	}
	if c.Proxy == nil {
		client, err := server.dial(ctx, direct)
		return &link{client, server.name, func() {}}, err
	}
	bastion, err := c.Proxy.target()
	if err != nil {
		return nil, fmt.Errorf("connection.proxy: %w", err)
	}
	through := &proxy{target: bastion}
	client, err := server.dial(ctx, through.open)
	if err != nil {
		through.close()
		return nil, err
	}
	return &link{client, server.name, through.close}, nil
}

// proxy is a bastion. Its connection is kept for all dials of the server
// behind, but opened again if it broke: the bastion may have been restarted.
type proxy struct {
	target *target
	client *ssh.Client
	broken chan struct{}
}

func (b *proxy) open(ctx context.Context) (opener, error) {
	if b.client != nil {
		select {
		case <-b.broken:
		default:
			return b.client.DialContext, nil
		}
	}
	client, err := b.target.dial(ctx, direct)
	if err != nil {
		return nil, fmt.Errorf("its proxy: %w", err)
	}
	broken := make(chan struct{})
	go func() {
		_ = client.Wait()
		close(broken)
	}()
	b.client, b.broken = client, broken
	return client.DialContext, nil
}

func (b *proxy) close() {
	if b.client != nil {
		_ = b.client.Close()
	}
}
