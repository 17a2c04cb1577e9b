// Package fake runs pebble, Let's Encrypt's small ACME server for tests, on loopback, with a name server and what answers HTTP-01.
package fake

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

// Options of a server.
type Options struct {
	// NonceReject is the percentage of good nonces that it refuses.
	NonceReject int
	// ValiditySeconds of its certificates. Default: 90 days.
	ValiditySeconds uint64
	// Middleware stands in front of it. Default: none.
	Middleware func(http.Handler) http.Handler
}

// Pebble is a running server.
type Pebble struct {
	// URL of its directory.
	URL string
	// Certificate is its own, and Roots has it.
	Certificate *x509.Certificate
	Roots       *x509.CertPool
	// Names answers its questions for addresses and TXT records.
	Names *Names
	// Wrong makes the answers to HTTP-01 wrong while it is set.
	Wrong atomic.Bool
	// Asked counts the requests for tokens.
	Asked atomic.Int32
}

// Start runs a server until the test ends. Tokens are answered as the load balancers do: by the thumbprint of the account's key.
func Start(t *testing.T, account crypto.Signer, options Options) *Pebble {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_AUTHZREUSE", "0")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", strconv.Itoa(options.NonceReject))
	pebble := &Pebble{Names: startNames(t)}
	port := pebble.answerTokens(t, thumbprint(t, account))

	quiet := log.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	profiles := map[string]ca.Profile{"default": {Description: "the only one", ValidityPeriod: options.ValiditySeconds}}
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, profiles)
	validator := va.New(quiet, port, port, false, pebble.Names.Address, store)
	front := wfe.New(quiet, store, validator, issuer, []string{"pebble.test"}, false, false, 1, 1)
	handler := front.Handler()
	if options.Middleware != nil {
		handler = options.Middleware(handler)
	}
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	pebble.URL = server.URL + wfe.DirectoryPath
	pebble.Roots = x509.NewCertPool()
	pebble.Certificate = server.Certificate()
	pebble.Roots.AddCert(pebble.Certificate)
	return pebble
}

func (p *Pebble) answerTokens(t *testing.T, thumb string) int {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/acme-challenge/{token}", func(response http.ResponseWriter, request *http.Request) {
		p.Asked.Add(1)
		if p.Wrong.Load() {
			http.NotFound(response, request)
			return
		}
		_, _ = fmt.Fprintf(response, "%s.%s", request.PathValue("token"), thumb)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: mux}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().(*net.TCPAddr).Port
}
