// Package balancers asks the load balancers which certificate they serve: they keep it, on every node, when this task is lost.
package balancers

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"swarm-farm/apps/acme/internal/certificate"
)

// answerTime is how long a balancer may take: a handshake on a busy emulated node takes seconds.
const answerTime = 10 * time.Second

// Asked is where balancers are: a name that resolves to all of them, and their TLS port, e.g. `tasks.loadbalancer:8443`.
type Asked string

// Newest returns the newest certificate for a request that a balancer serves, and how many balancers answered.
func (a Asked) Newest(ctx context.Context, request certificate.Request) (certificate.Chain, int) {
	host, port, err := net.SplitHostPort(string(a))
	if err != nil {
		return nil, 0
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return nil, 0
	}
	served := make(chan certificate.Chain, len(addresses))
	for _, address := range addresses {
		go func() { served <- servedAt(ctx, net.JoinHostPort(address, port), request.DNSNames) }()
	}
	var newest certificate.Chain
	answers := 0
	for range addresses {
		chain := <-served
		if len(chain) > 0 {
			answers++
		}
		if chain.Answers(request) && chain.Newer(newest) {
			newest = chain
		}
	}
	return newest, answers
}

// servedAt is the chain of a TLS server; nil without an answer.
func servedAt(ctx context.Context, address string, names []string) certificate.Chain {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	// What is served is compared with the request's key, and may be the farm's own or have ended.
	config := &tls.Config{InsecureSkipVerify: true}
	if len(names) > 0 {
		config.ServerName = names[0]
	}
	connection, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil
	}
	defer func() { _ = connection.Close() }()
	secured, ok := connection.(*tls.Conn)
	if !ok {
		return nil
	}
	return secured.ConnectionState().PeerCertificates
}
