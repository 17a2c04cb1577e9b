// Package directory obtains certificates from an ACME directory, by lego.
package directory

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/go-acme/lego/v5/acme"
	"github.com/go-acme/lego/v5/certificate"
	"github.com/go-acme/lego/v5/challenge"
	"github.com/go-acme/lego/v5/challenge/dns01"
	"github.com/go-acme/lego/v5/challenge/resolver"
	"github.com/go-acme/lego/v5/lego"
	"github.com/go-acme/lego/v5/registration"

	own "swarm-farm/apps/acme/internal/certificate"
)

// attempt is how long one attempt may take: records of some DNS providers need minutes until all name servers have them.
const attempt = 15 * time.Minute

// answer is how long the directory may take for one answer.
const answer = 30 * time.Second

// Directory is an ACME directory and an account there.
type Directory struct {
	URL   string
	Email string
	// Account is the private key of the account; the directory has one account for each key.
	Account crypto.Signer
	// Roots are the CAs that the directory's own certificate may be of. Nil: those of the system.
	Roots *x509.CertPool
	// DNS makes a provider that proves domains by TXT records. Nil: by HTTP-01, which the load balancers answer by themselves.
	DNS func() (challenge.Provider, error)
	// DNSOptions are for tests, whose name server is not the system's.
	DNSOptions []dns01.ChallengeOption
}

// account is what lego knows a user by.
type account struct {
	email        string
	key          crypto.Signer
	registration *acme.ExtendedAccount
}

func (a *account) GetEmail() string                       { return a.email }
func (a *account) GetRegistration() *acme.ExtendedAccount { return a.registration }
func (a *account) GetPrivateKey() crypto.Signer           { return a.key }

// answered is HTTP-01 without a record of tokens: every load balancer knows the account's thumbprint, which is all that the answer to
// any token needs. So it does not matter which task asks, and on which node the directory looks.
type answered struct{}

func (answered) Present(context.Context, string, string, string) error { return nil }
func (answered) CleanUp(context.Context, string, string, string) error { return nil }

// Obtain orders a certificate. The account is registered, or found by its key.
func (d Directory) Obtain(ctx context.Context, request own.Request) (own.Chain, error) {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	user := &account{email: d.Email, key: d.Account}
	config := lego.NewConfig(user)
	config.CADirURL = d.URL
	config.UserAgent = "swarm-farm"
	config.HTTPClient = d.client()
	client, err := lego.NewClient(config)
	if err != nil {
		return nil, fmt.Errorf("the directory cannot be read: %w", err)
	}
	if err := d.prove(client.Challenge); err != nil {
		return nil, err
	}
	user.registration, err = client.Registration.Register(ctx, registration.RegisterOptions{TermsOfServiceAgreed: true})
	if err != nil {
		return nil, fmt.Errorf("the account cannot be registered: %w", err)
	}
	resource, err := client.Certificate.ObtainForCSR(ctx, certificate.ObtainForCSRRequest{
		CSR:    request.CertificateRequest,
		Bundle: true,
	})
	if err != nil {
		return nil, err
	}
	chain, err := own.Parse(resource.Certificate)
	if err != nil {
		return nil, fmt.Errorf("the directory's answer cannot be used: %w", err)
	}
	if !chain.Answers(request) {
		return nil, errors.New("the directory's certificate has other names or another key than the request")
	}
	return chain, nil
}

func (d Directory) prove(challenges *resolver.SolverManager) error {
	if d.DNS == nil {
		return challenges.SetHTTP01Provider(answered{})
	}
	provider, err := d.DNS()
	if err != nil {
		return fmt.Errorf("the DNS provider cannot be used: %w", err)
	}
	return challenges.SetDNS01Provider(provider, d.DNSOptions...)
}

func (d Directory) client() *http.Client {
	config := lego.NewConfig(&account{}).HTTPClient
	config.Timeout = 2 * answer
	if transport, ok := config.Transport.(*http.Transport); ok {
		transport.TLSClientConfig.RootCAs = d.Roots
		transport.TLSHandshakeTimeout = answer
		transport.ResponseHeaderTimeout = answer
		transport.DialContext = (&net.Dialer{Timeout: answer}).DialContext
		transport.IdleConnTimeout = answer
	}
	return config
}

// RetryAfter is how long the directory asks to wait; 0 if it does not say.
func RetryAfter(err error) time.Duration {
	var limited *acme.RateLimitedError
	if errors.As(err, &limited) {
		return limited.RetryAfter
	}
	return 0
}
