// Package logs keeps what a command prints and shows it in the engine's log
// while the command is still running.
package logs

import (
	"bytes"
	"context"
	"strings"
	"sync"

	p "github.com/pulumi/pulumi-go-provider"

	"swarm-farm/toolchain/command/internal/redact"
)

// longestLine is how much is held back while waiting for the end of a line,
// bytes: progress bars and binary output may never send one.
const longestLine = 16 << 10

// Capture is the writer for one stream of a command. It may be read while it is
// still written to: a killed command can leave a child that keeps printing.
type Capture struct {
	lock sync.Mutex
	all  bytes.Buffer
	line []byte
	emit func(line string)
}

// NewCapture returns a Capture that hands each line to emit, which may be nil.
func NewCapture(emit func(line string)) *Capture { return &Capture{emit: emit} }

// Pair returns the writers for the standard output and error of a command; kind
// is the resource's input logging and nil logs both.
func Pair[T ~string](ctx context.Context, kind *T) (stdout, stderr *Capture) {
	// The lines of a command that was told to stop still belong in the log.
	log := p.GetLogger(context.WithoutCancel(ctx))
	clean := redact.Logs(ctx)
	emit := func(line string) { log.Info(clean.Apply(line)) }
	stdout, stderr = NewCapture(emit), NewCapture(emit)
	if kind != nil && (*kind == Stderr || *kind == None) {
		stdout.emit = nil
	}
	if kind != nil && (*kind == Stdout || *kind == None) {
		stderr.emit = nil
	}
	return stdout, stderr
}

// Write takes what the command printed. It never fails.
func (c *Capture) Write(data []byte) (int, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.all.Write(data)
	if c.emit == nil {
		return len(data), nil
	}
	c.line = append(c.line, data...)
	for {
		end := bytes.IndexByte(c.line, '\n')
		switch {
		case end >= 0:
			c.show(c.line[:end])
			c.line = c.line[end+1:]
		case len(c.line) > longestLine:
			c.show(c.line)
			c.line = nil
		default:
			return len(data), nil
		}
	}
}

// Flush shows an unfinished last line. Call it once the command ended.
func (c *Capture) Flush() {
	c.lock.Lock()
	defer c.lock.Unlock()
	if len(c.line) > 0 {
		c.show(c.line)
		c.line = nil
	}
}

func (c *Capture) show(line []byte) {
	text := strings.TrimSuffix(valid(string(line)), "\r")
	if text != "" {
		c.emit(text)
	}
}

// Text returns everything written so far, less one final newline.
func (c *Capture) Text() string {
	c.lock.Lock()
	defer c.lock.Unlock()
	return strings.TrimSuffix(valid(c.all.String()), "\n")
}

// valid replaces what is not UTF-8: protocol buffers refuse it, and a command
// whose output cannot be sent would look as if it had not run.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
