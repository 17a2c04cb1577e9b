// Package certificate knows which certificates answer a request, and when one must be renewed.
package certificate

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// longest is how long before its end a certificate is renewed at the latest: what CAs recommend for 90 days.
const longest = 30 * 24 * time.Hour

// Request is a signing request in PEM: the public key and the names that a certificate must have. The private key is not here.
type Request struct {
	*x509.CertificateRequest
}

// ReadRequest reads a request from a file.
func ReadRequest(path string) (Request, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Request{}, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return Request{}, fmt.Errorf("'%s' has no signing request in PEM", path)
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return Request{}, fmt.Errorf("'%s' has no signing request: %w", path, err)
	}
	return Request{request}, nil
}

// Chain is a certificate with those of its issuers.
type Chain []*x509.Certificate

// Parse reads a chain in PEM.
func Parse(text []byte) (Chain, error) {
	var chain Chain
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		chain = append(chain, one)
	}
	if len(chain) == 0 {
		return nil, errors.New("no certificate in PEM")
	}
	return chain, nil
}

// PEM is the chain as servers read it.
func (c Chain) PEM() []byte {
	var text []byte
	for _, one := range c {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: one.Raw})...)
	}
	return text
}

// Answers tells whether the chain's certificate has the key and exactly the names of the request.
func (c Chain) Answers(request Request) bool {
	return len(c) > 0 && samePublicKey(c[0], request) && slices.Equal(sorted(c[0].DNSNames), sorted(request.DNSNames))
}

// Ends is when the certificate ends.
func (c Chain) Ends() time.Time { return c[0].NotAfter }

// Newer tells whether the certificate was issued after another; any is newer than none.
func (c Chain) Newer(than Chain) bool {
	return len(c) > 0 && (len(than) == 0 || c[0].NotBefore.After(than[0].NotBefore))
}

// Due is when the certificate must be renewed: 30 days before its end, or a third of its lifetime where that is less.
func (c Chain) Due() time.Time {
	before := min(longest, c[0].NotAfter.Sub(c[0].NotBefore)/3)
	return c[0].NotAfter.Add(-before)
}

func samePublicKey(one *x509.Certificate, request Request) bool {
	a, err := x509.MarshalPKIXPublicKey(one.PublicKey)
	if err != nil {
		return false
	}
	b, err := x509.MarshalPKIXPublicKey(request.PublicKey)
	return err == nil && slices.Equal(a, b)
}

func sorted(names []string) []string {
	return slices.Sorted(slices.Values(names))
}
