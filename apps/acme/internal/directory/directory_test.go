package directory_test

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-acme/lego/v5/challenge"
	"github.com/go-acme/lego/v5/challenge/dns01"

	"swarm-farm/apps/acme/fake"
	"swarm-farm/apps/acme/internal/directory"
)

var names = []string{"shop.example.com", "www.example.com"}

// start runs a directory, and an account there.
func start(t *testing.T, options fake.Options) (*fake.Pebble, directory.Directory) {
	account := fake.Key(t)
	pebble := fake.Start(t, account, options)
	return pebble, directory.Directory{URL: pebble.URL, Email: "me@example.com", Account: account, Roots: pebble.Roots}
}

func TestObtainsACertificateWithItsIssuerByHTTP(t *testing.T) {
	pebble, asked := start(t, fake.Options{})
	request, _ := fake.Request(t, names...)
	chain, err := asked.Obtain(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	if len(chain) < 2 || !chain.Answers(request) {
		t.Errorf("%d certificates, for %v", len(chain), chain[0].DNSNames)
	}
	if pebble.Asked.Load() < 2 {
		t.Errorf("the directory looked at %d tokens", pebble.Asked.Load())
	}
}

func TestGoodNoncesThatAreRefusedAreAskedForAgain(t *testing.T) {
	_, asked := start(t, fake.Options{NonceReject: 30})
	request, _ := fake.Request(t, names[0])
	if _, err := asked.Obtain(context.Background(), request); err != nil {
		t.Fatal(err)
	}
}

func TestTwoTasksThatAskAtOnceBothGetOne(t *testing.T) {
	_, asked := start(t, fake.Options{})
	request, _ := fake.Request(t, names...)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if chain, err := asked.Obtain(context.Background(), request); err != nil || !chain.Answers(request) {
				t.Errorf("one of two failed: %v", err)
			}
		})
	}
	both.Wait()
}

func TestWildcardsAreProvedByTXTRecordsThatAreRemoved(t *testing.T) {
	pebble, asked := start(t, fake.Options{})
	dns01.SetDefaultClient(dns01.NewClient(&dns01.Options{RecursiveNameservers: []string{pebble.Names.Address}}))
	asked.DNS = func() (challenge.Provider, error) { return pebble.Names, nil }
	asked.DNSOptions = []dns01.ChallengeOption{
		dns01.WrapPreCheck(func(context.Context, string, string, string, dns01.PreCheckFunc) (bool, error) { return true, nil }),
	}
	request, _ := fake.Request(t, "*.example.com", "example.com")
	chain, err := asked.Obtain(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	if !chain.Answers(request) || pebble.Asked.Load() != 0 || pebble.Names.Left() != 0 {
		t.Errorf("names %v, %d tokens, %d records left", chain[0].DNSNames, pebble.Asked.Load(), pebble.Names.Left())
	}
}

func TestADNSProviderWithoutCredentialsIsAnError(t *testing.T) {
	_, asked := start(t, fake.Options{})
	asked.DNS = func() (challenge.Provider, error) { return nil, http.ErrNoCookie }
	request, _ := fake.Request(t, names[0])
	_, err := asked.Obtain(context.Background(), request)
	says(t, err, "the DNS provider cannot be used")
}

func TestAnswersThatTheDirectoryRefusesAreAnErrorWithItsReason(t *testing.T) {
	pebble, asked := start(t, fake.Options{})
	request, _ := fake.Request(t, names[0])
	pebble.Wrong.Store(true)
	_, err := asked.Obtain(context.Background(), request)
	says(t, err, "unauthorized")
	pebble.Wrong.Store(false)
	if _, err := asked.Obtain(context.Background(), request); err != nil {
		t.Errorf("after the fault: %v", err)
	}
}

func TestARateLimitIsAnErrorThatSaysWhenToAskAgain(t *testing.T) {
	var limited atomic.Bool
	limited.Store(true)
	_, asked := start(t, fake.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
			if !limited.Load() || !strings.HasPrefix(request.URL.Path, "/order-plz") {
				next.ServeHTTP(response, request)
				return
			}
			response.Header().Set("Retry-After", "5400")
			response.Header().Set("Content-Type", "application/problem+json")
			response.WriteHeader(http.StatusTooManyRequests)
			_, _ = response.Write([]byte(`{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many certificates","status":429}`))
		})
	}})
	request, _ := fake.Request(t, names[0])
	_, err := asked.Obtain(context.Background(), request)
	says(t, err, "too many certificates")
	if wait := directory.RetryAfter(err); wait != 90*time.Minute {
		t.Errorf("asked to wait %v", wait)
	}
	limited.Store(false)
	if _, err := asked.Obtain(context.Background(), request); err != nil || directory.RetryAfter(err) != 0 {
		t.Errorf("after the limit: %v", err)
	}
}

func TestADirectoryOfAnUnknownCAOrNoneIsAnError(t *testing.T) {
	_, asked := start(t, fake.Options{})
	request, _ := fake.Request(t, names[0])
	asked.Roots = nil
	_, err := asked.Obtain(context.Background(), request)
	says(t, err, "certificate signed by unknown authority")
	page := httptest.NewTLSServer(http.NotFoundHandler())
	asked.URL = page.URL
	asked.Roots = x509.NewCertPool()
	asked.Roots.AddCert(page.Certificate())
	_, err = asked.Obtain(context.Background(), request)
	says(t, err, "the directory cannot be read")
	page.Close()
	_, err = asked.Obtain(context.Background(), request)
	says(t, err, "connection refused")
}

func says(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("'%v' does not say '%s'", err, text)
	}
}
