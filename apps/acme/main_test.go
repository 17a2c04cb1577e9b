package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"swarm-farm/apps/acme/fake"
	"swarm-farm/apps/acme/internal/certificate"
	"swarm-farm/apps/acme/internal/keeper"
)

// program is the keeper that these settings make, with pebble as its directory.
func program(t *testing.T, more ...string) (*keeper.Keeper, error) {
	account := fake.Key(t)
	pebble := fake.Start(t, account, fake.Options{})
	root := filepath.Join(t.TempDir(), "root.pem")
	args := append([]string{
		"-directory", pebble.URL, "-email", "me@example.com", "-ca", root, "-balancers", "127.0.0.1:1",
		"-request", fake.WriteRequest(t, fake.Key(t), "shop.example.com"), "-account", fake.WriteKey(t, account),
	}, more...)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pebble.Certificate.Raw})
	if err := os.WriteFile(root, text, 0o600); err != nil {
		t.Fatal(err)
	}
	given, err := parse(args)
	if err != nil {
		t.Fatal(err)
	}
	return keeperOf(given)
}

func TestACertificateIsObtainedAndServed(t *testing.T) {
	kept, err := program(t)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	kept.Sleep = func(context.Context, time.Duration) {
		if kept.Current() != nil {
			stop()
		}
	}
	kept.Run(ctx)
	status, body := get(page(kept.Current), "/certificate")
	chain, err := certificate.Parse(body)
	if status != http.StatusOK || err != nil || !chain.Answers(kept.Request) {
		t.Errorf("%d: %s, %v", status, body, err)
	}
	if bytes.Contains(body, []byte("KEY")) {
		t.Error("a key is served")
	}
}

func TestWithoutACertificateThePageSaysSoAndIsHealthy(t *testing.T) {
	none := page(func() certificate.Chain { return nil })
	if status, _ := get(none, "/certificate"); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
	if status, body := get(none, "/healthz"); status != http.StatusOK || string(body) != "ok\n" {
		t.Errorf("%d: %s", status, body)
	}
	if status, _ := get(none, "/"); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
}

func TestTheHealthCheckAsksThePage(t *testing.T) {
	server := httptest.NewServer(page(func() certificate.Chain { return nil }))
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	if err := run([]string{"-check", "-listen", ":" + port}); err != nil {
		t.Error(err)
	}
	server.Close()
	if err := run([]string{"-check", "-listen", ":" + port}); err == nil {
		t.Error("healthy without a page")
	}
}

func TestFilesThatCannotBeUsedAreNamed(t *testing.T) {
	junk := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(junk, []byte(`{"TOKEN": topsecret}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"-request", "-account", "-ca", "-dns-settings"} {
		_, err := program(t, "-dns", "cloudflare", flag, junk)
		if err == nil || !strings.Contains(err.Error(), junk) || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%s: %v", flag, err)
		}
		if _, err := program(t, "-dns", "cloudflare", flag, junk+"2"); err == nil {
			t.Errorf("%s: a file that is not there", flag)
		}
	}
	if err := run([]string{"-unknown"}); err == nil {
		t.Error("an unknown flag")
	}
}

func TestAStatusHasWhatIsKnown(t *testing.T) {
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for want, status := range map[string]keeper.Status{
		`{"at":"2030-01-01T00:00:00Z"}`:                               {At: at},
		`{"at":"2030-01-01T00:00:00Z","ends":"2030-01-01T00:00:00Z"}`: {At: at, Ends: &at},
		`{"at":"2030-01-01T00:00:00Z","failing":"2030-01-01T00:00:00Z","error":"no","next":"2030-01-01T00:00:00Z"}`: {
			At: at, Failing: &at, Error: "no", Next: &at,
		},
	} {
		if text, err := json.Marshal(status); err != nil || string(text) != want {
			t.Errorf("%s, not %s", text, want)
		}
	}
}

func get(handler http.Handler, path string) (int, []byte) {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	return recorder.Code, recorder.Body.Bytes()
}
