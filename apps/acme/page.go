package main

import (
	"fmt"
	"net/http"
	"time"

	"swarm-farm/apps/acme/internal/certificate"
)

// page serves what is public: the certificate with its chain, never a key.
func page(current func() certificate.Chain) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /certificate", func(response http.ResponseWriter, _ *http.Request) {
		chain := current()
		if chain == nil {
			http.Error(response, "there is no certificate yet", http.StatusNotFound)
			return
		}
		response.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = response.Write(chain.PEM())
	})
	// A directory that refuses is no fault of this task: a restart would only forget when to ask again.
	mux.HandleFunc("GET /healthz", func(response http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintln(response, "ok")
	})
	return mux
}

// check is the service's health check.
func check(listen string) error {
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Get("http://127.0.0.1" + listen + "/healthz")
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("/healthz answers %d", answer.StatusCode)
	}
	return nil
}
