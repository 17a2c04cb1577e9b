package remote

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/ssh"

	"swarm-farm/toolchain/command/internal/failure"
	"swarm-farm/toolchain/command/internal/lifecycle"
	"swarm-farm/toolchain/command/internal/logs"
)

// execute runs a script in the login shell to its end, or until the context is
// done: then the script is stopped, see end.
func (l *link) execute(ctx context.Context, run *lifecycle.Run, logging *Logging) (lifecycle.Output, error) {
	stdout, stderr := logs.Pair(ctx, logging)
	err := l.start(ctx, run, stdout, stderr)
	stdout.Flush()
	stderr.Flush()
	if err != nil {
		return lifecycle.Output{}, failure.Of(ctx, run.Script, "on "+l.name, err, stderr.Text())
	}
	return lifecycle.Output{Stdout: stdout.Text(), Stderr: stderr.Text()}, nil
}

func (l *link) start(ctx context.Context, run *lifecycle.Run, stdout, stderr io.Writer) error {
	// Everything up to the script's start can hang on a dead connection too.
	unguard := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer unguard()
	session, err := l.NewSession()
	if err != nil {
		return fmt.Errorf("opening a session: %w", err)
	}
	defer session.Close()
	if err := setEnvironment(ctx, session, run); err != nil {
		return err
	}
	session.Stdout, session.Stderr = stdout, stderr
	stdin, err := session.StdinPipe()
	if err != nil {
		return fmt.Errorf("opening stdin: %w", err)
	}
	if err := session.Start(run.Script); err != nil {
		return fmt.Errorf("starting the script: %w", err)
	}
	if !unguard() {
		return ctx.Err()
	}
	go func() {
		// A script need not read its stdin, so what becomes of it is no error.
		_, _ = io.WriteString(stdin, run.Stdin)
		_ = stdin.Close()
	}()
	ended := make(chan error, 1)
	go func() { ended <- session.Wait() }()
	select {
	case err := <-ended:
		return describe(err)
	case <-ctx.Done():
		return l.end(session, ended)
	}
}

// describe words the end of a remote script like that of a local one.
func describe(err error) error {
	var exit *ssh.ExitError
	var missing *ssh.ExitMissingError
	switch {
	case errors.As(err, &exit) && exit.Signal() != "":
		return fmt.Errorf("ended by signal %s", exit.Signal())
	case errors.As(err, &exit):
		return fmt.Errorf("exit status %d", exit.ExitStatus())
	case errors.As(err, &missing):
		return errors.New("the connection was lost while it ran; it may or may not have finished")
	}
	return err
}
