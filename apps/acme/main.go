// acme keeps a certificate of an ACME directory valid. The load balancers fetch it from its page.
package main

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-acme/lego/v5/certcrypto"
	"github.com/go-acme/lego/v5/challenge"
	"github.com/go-acme/lego/v5/lego"

	"swarm-farm/apps/acme/internal/balancers"
	"swarm-farm/apps/acme/internal/certificate"
	"swarm-farm/apps/acme/internal/directory"
	"swarm-farm/apps/acme/internal/dns"
	"swarm-farm/apps/acme/internal/keeper"
)

type settings struct {
	listen, directory, email, ca, request, account, dns, dnsSettings, balancers string
	check                                                                       bool
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	given, err := parse(args)
	if err != nil {
		return err
	}
	if given.check {
		return check(given.listen)
	}
	kept, err := keeperOf(given)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	server := &http.Server{Addr: given.listen, Handler: page(kept.Current), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	go kept.Run(ctx)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func parse(args []string) (settings, error) {
	var given settings
	flags := flag.NewFlagSet("acme", flag.ContinueOnError)
	flags.StringVar(&given.listen, "listen", ":8080", "serves /certificate and /healthz")
	flags.StringVar(&given.directory, "directory", "", "URL of the ACME directory")
	flags.StringVar(&given.email, "email", "", "address of the account")
	flags.StringVar(&given.ca, "ca", "", "file with the CA of the directory's own certificate, in PEM; empty: those of the system")
	flags.StringVar(&given.request, "request", "/etc/acme/request.pem", "file with the signing request, in PEM")
	flags.StringVar(&given.account, "account", "/run/secrets/account.key", "file with the account's private key, in PEM")
	flags.StringVar(&given.dns, "dns", "", "DNS provider for DNS-01; empty: HTTP-01")
	flags.StringVar(&given.dnsSettings, "dns-settings", "/run/secrets/dns.json", "file with the provider's settings, as JSON")
	flags.StringVar(&given.balancers, "balancers", "tasks.loadbalancer:8443", "where the load balancers serve TLS")
	flags.BoolVar(&given.check, "check", false, "checks the health of the program at -listen")
	return given, flags.Parse(args)
}

func keeperOf(given settings) (*keeper.Keeper, error) {
	request, err := certificate.ReadRequest(given.request)
	if err != nil {
		return nil, err
	}
	asked := directory.Directory{URL: given.directory, Email: given.email}
	if asked.Account, err = readKey(given.account); err != nil {
		return nil, err
	}
	if given.ca != "" {
		if asked.Roots, err = lego.CreateCertPool([]string{given.ca}, false); err != nil {
			return nil, err
		}
	}
	if given.dns != "" {
		known, err := readSettings(given.dnsSettings)
		if err != nil {
			return nil, err
		}
		asked.DNS = func() (challenge.Provider, error) { return dns.New(given.dns, known) }
	}
	return &keeper.Keeper{
		Request:   request,
		Directory: asked,
		Balancers: balancers.Asked(given.balancers),
		Report:    report,
		Now:       time.Now,
		Sleep:     sleep,
	}, nil
}

func readKey(path string) (crypto.Signer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := certcrypto.ParsePEMPrivateKey(text)
	if err != nil {
		return nil, fmt.Errorf("'%s' has no private key: %w", path, err)
	}
	return key, nil
}

func readSettings(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var known map[string]string
	if json.Unmarshal(text, &known) != nil {
		// The error of the parser would show a part of a secret.
		return nil, fmt.Errorf("'%s' has no settings in JSON", path)
	}
	return known, nil
}

// report writes a line that `./farm up` and `doctor` look for.
func report(status keeper.Status) {
	line, err := json.Marshal(status)
	if err == nil {
		fmt.Printf("status %s\n", line)
	}
}

func sleep(ctx context.Context, duration time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}
