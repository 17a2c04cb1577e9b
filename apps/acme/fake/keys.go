package fake

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"swarm-farm/apps/acme/internal/certificate"
)

// Key makes a private key.
func Key(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// WriteKey writes a private key in PEM, and returns the file's path.
func WriteKey(t *testing.T, key *ecdsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "key.pem", "EC PRIVATE KEY", der)
}

// WriteRequest writes a signing request in PEM, and returns the file's path.
func WriteRequest(t *testing.T, key crypto.Signer, names ...string) string {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: names}, key)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "request.pem", "CERTIFICATE REQUEST", der)
}

func write(t *testing.T, name, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Request is a signing request of a new key.
func Request(t *testing.T, names ...string) (certificate.Request, crypto.Signer) {
	t.Helper()
	key := Key(t)
	request, err := certificate.ReadRequest(WriteRequest(t, key, names...))
	if err != nil {
		t.Fatal(err)
	}
	return request, key
}

// Issue makes a chain of one self-signed certificate.
func Issue(t *testing.T, key crypto.Signer, from, to time.Time, names ...string) certificate.Chain {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(from.UnixNano()),
		Subject:      pkix.Name{CommonName: "test"},
		DNSNames:     names,
		NotBefore:    from,
		NotAfter:     to,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	one, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate.Chain{one}
}

func thumbprint(t *testing.T, key crypto.Signer) string {
	t.Helper()
	print, err := (&jose.JSONWebKey{Key: key.Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(print)
}
