package balancers_test

import (
	"context"
	"crypto"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"swarm-farm/apps/acme/fake"
	"swarm-farm/apps/acme/internal/balancers"
	"swarm-farm/apps/acme/internal/certificate"
)

// serve runs a TLS server with a chain, and returns its address.
func serve(t *testing.T, chain certificate.Chain, key crypto.Signer) balancers.Asked {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	var raw [][]byte
	for _, one := range chain {
		raw = append(raw, one.Raw)
	}
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: raw, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return balancers.Asked(server.Listener.Addr().String())
}

func TestTheCertificateThatABalancerServesIsFoundEvenWhenItHasEnded(t *testing.T) {
	request, key := fake.Request(t, "a.example")
	ended := time.Now().Add(-time.Hour)
	chain := fake.Issue(t, key, ended.Add(-time.Hour), ended, "a.example")
	newest, answers := serve(t, chain, key).Newest(context.Background(), request)
	if answers != 1 || len(newest) != 1 || !newest[0].Equal(chain[0]) {
		t.Errorf("%d answers, %v", answers, newest)
	}
}

func TestTheFarmsOwnCertificateIsAnAnswerButNotTaken(t *testing.T) {
	request, _ := fake.Request(t, "a.example")
	_, other := fake.Request(t, "a.example")
	now := time.Now()
	chain := fake.Issue(t, other, now, now.Add(time.Hour), "a.example")
	newest, answers := serve(t, chain, other).Newest(context.Background(), request)
	if answers != 1 || newest != nil {
		t.Errorf("%d answers, %v", answers, newest)
	}
}

func TestNobodyIsNoAnswer(t *testing.T) {
	request, _ := fake.Request(t, "a.example")
	closed := httptest.NewServer(http.NotFoundHandler())
	address := closed.Listener.Addr().String()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	closed.Close()
	for _, asked := range []string{address, plain.Listener.Addr().String(), "no port", "nobody.invalid:1"} {
		if newest, answers := balancers.Asked(asked).Newest(context.Background(), request); answers != 0 || newest != nil {
			t.Errorf("%s: %d answers", asked, answers)
		}
	}
}
