package remote

import (
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// login holds the ways to prove who we are to a server.
type login struct {
	key         ssh.Signer
	password    *string
	agentSocket string
	// agentAsked is set if the agent was named in the connection, so that doing
	// without it would not be what the user wants.
	agentAsked bool
}

func (e Endpoint) login() (l login, err error) {
	l.password = e.Password
	l.agentSocket = os.Getenv("SSH_AUTH_SOCK")
	if e.AgentSocketPath != nil {
		l.agentSocket, l.agentAsked = *e.AgentSocketPath, true
	}
	if e.PrivateKey == nil {
		return l, nil
	}
	if e.PrivateKeyPassword != nil {
		l.key, err = ssh.ParsePrivateKeyWithPassphrase([]byte(*e.PrivateKey), []byte(*e.PrivateKeyPassword))
	} else {
		l.key, err = ssh.ParsePrivateKey([]byte(*e.PrivateKey))
	}
	var encrypted *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &encrypted):
		return l, errors.New("connection.privateKey is encrypted: set privateKeyPassword")
	case err != nil:
		return l, fmt.Errorf("connection.privateKey cannot be read: %w", err)
	}
	return l, nil
}

// methods returns what to try, in order, and a function to call when the login
// is over. Keys go first, and as one method: the client tries each method once.
func (l login) methods() (methods []ssh.AuthMethod, done func(), err error) {
	var signers []ssh.Signer
	if l.key != nil {
		signers = append(signers, l.key)
	}
	done = func() {}
	if l.agentSocket != "" {
		conn, dialErr := net.Dial("unix", l.agentSocket)
		if dialErr == nil {
			done = func() { _ = conn.Close() }
			held, listErr := agent.NewClient(conn).Signers()
			signers, dialErr = append(signers, held...), listErr
		}
		if dialErr != nil && l.agentAsked {
			return nil, done, fmt.Errorf("connection.agentSocketPath: asking the SSH agent: %w", dialErr)
		}
	}
	if len(signers) > 0 {
		methods = append(methods, ssh.PublicKeys(signers...))
	}
	if l.password != nil {
		methods = append(methods, ssh.Password(*l.password), ssh.KeyboardInteractive(l.answer))
	}
	return methods, done, nil
}

// answer gives the password to every question that is not to be shown: servers
// that ask for it through PAM do so in this way.
func (l login) answer(_, _ string, questions []string, echo []bool) ([]string, error) {
	answers := make([]string, len(questions))
	for i := range questions {
		if !echo[i] {
			answers[i] = *l.password
		}
	}
	return answers, nil
}
