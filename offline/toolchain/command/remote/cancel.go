package remote

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/ssh"
)

// How long a canceled script has to end: after the signal request, after the
// same by way of a second session, and after being killed.
const (
	signalGrace = time.Second
	termGrace   = 5 * time.Second
	killGrace   = 2 * time.Second
)

// end stops a running script and returns how it ended. It asks by the signal
// request first. OpenSSH ignores that for root, and closing the connection does
// not end a script either, so a second session does it next.
func (l *link) end(session *ssh.Session, ended <-chan error) error {
	for _, step := range []struct {
		do    func() error
		grace time.Duration
	}{
		{func() error { return session.Signal(ssh.SIGTERM) }, signalGrace},
		{func() error { return l.signalOthers("TERM") }, termGrace},
		{func() error { return l.signalOthers("KILL") }, killGrace},
	} {
		// Done aside: on a dead connection it would hang until that is closed.
		go func() { _ = step.do() }()
		select {
		case err := <-ended:
			return describe(err)
		case <-time.After(step.grace):
		}
	}
	_ = l.Close()
	<-ended
	return errors.New("it could not be stopped and may still be running there")
}

// signalOthers sends a signal to the process groups of all other sessions of
// this connection: as its children, the SSH server's process for the connection
// has exactly the leaders of the sessions. It works on Linux servers.
func (l *link) signalOthers(signal string) error {
	session, err := l.NewSession()
	if err != nil {
		return err
	}
	defer session.Close()
	// By exec, sh takes the place of the login shell, whichever that is, and has
	// the server's process as its parent.
	return session.Run(fmt.Sprintf(`exec sh -c 'for leader in $(cat /proc/$PPID/task/$PPID/children); do `+
		`[ "$leader" = $$ ] || kill -s %s -- "-$leader"; done'`, signal))
}
