package remote

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"slices"

	"golang.org/x/crypto/ssh"
)

// hostKeyError is a server that shows another key than it should.
type hostKeyError struct{ host, got string }

func (e *hostKeyError) Error() string {
	return fmt.Sprintf("%s has the host key %s, which is not connection.hostKey: "+
		"correct hostKey if the machine was recreated, else do not trust it", e.host, e.got)
}

// expectHostKey makes a config accept the given key only.
func expectHostKey(config *ssh.ClientConfig, text string) error {
	want, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil {
		return errors.New("connection.hostKey is not a public key like \"ssh-ed25519 AAAA…\"")
	}
	config.HostKeyAlgorithms = algorithms(want.Type())
	config.HostKeyCallback = func(host string, _ net.Addr, got ssh.PublicKey) error {
		if !bytes.Equal(got.Marshal(), want.Marshal()) {
			return &hostKeyError{host, got.Type() + " " + ssh.FingerprintSHA256(got)}
		}
		return nil
	}
	return nil
}

// algorithms returns the host key algorithms for a type of key. Servers have
// keys of several types, and without it could show another than the one known.
func algorithms(keyType string) []string {
	if keyType == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{keyType}
}

// wrongHostKey returns the error about the host key if err is one, else nil. A
// server without a key of the known type counts as one too.
func wrongHostKey(err error, host string, config *ssh.ClientConfig) error {
	var wrong *hostKeyError
	if errors.As(err, &wrong) {
		return wrong
	}
	var negotiation *ssh.AlgorithmNegotiationError
	if errors.As(err, &negotiation) && config.HostKeyAlgorithms != nil &&
		slices.Equal(negotiation.SupportedAlgorithms, config.HostKeyAlgorithms) {
		return &hostKeyError{host, fmt.Sprintf("of another type (%v)", negotiation.RequestedAlgorithms)}
	}
	return nil
}
