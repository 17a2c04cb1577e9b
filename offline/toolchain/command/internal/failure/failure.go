// Package failure words the error of a command that ended badly.
package failure

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"swarm-farm/toolchain/command/internal/redact"
)

// How much of a script and of its standard error a message shows.
const (
	scriptLines = 2
	scriptBytes = 200
	stderrLines = 12
	stderrBytes = 4000
)

// Of returns the error for a script that failed at a place ("locally", "on
// root@host:22"): the script's beginning, the cause and the end of its standard
// error, without anything the context's redactor knows. A context that is done
// is named first, for all else follows from it.
func Of(ctx context.Context, script, where string, cause error, stderr string) error {
	switch {
	case ctx.Err() == nil:
	case errors.Is(cause, ctx.Err()):
		cause = Interrupted(ctx)
	default:
		cause = fmt.Errorf("%w; the script: %w", Interrupted(ctx), cause)
	}
	// Redact before cutting: a half of a secret would not be recognised.
	clean := redact.Errors(ctx).Apply
	message := fmt.Sprintf("%q %s", head(clean(script)), where)
	if tail := tail(clean(stderr)); tail != "" {
		return fmt.Errorf("running %s: %w; stderr ended with:\n%s", message, cause, tail)
	}
	return fmt.Errorf("running %s: %w; nothing on stderr", message, cause)
}

// Interrupted says why a context is done.
func Interrupted(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("stopped, the resource's customTimeouts ran out")
	}
	return errors.New("stopped, the operation was canceled")
}

func head(script string) string {
	script = strings.TrimSpace(script)
	lines := strings.SplitN(script, "\n", scriptLines+1)
	short := strings.Join(lines[:min(len(lines), scriptLines)], "\n")
	if len(short) > scriptBytes {
		short = strings.ToValidUTF8(short[:scriptBytes], "")
	}
	if len(short) < len(script) {
		short += " …"
	}
	return short
}

func tail(stderr string) string {
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	short := strings.Join(lines[max(0, len(lines)-stderrLines):], "\n")
	if len(short) > stderrBytes {
		short = strings.ToValidUTF8(short[len(short)-stderrBytes:], "")
	}
	return short
}
