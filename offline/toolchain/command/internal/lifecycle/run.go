package lifecycle

import "strings"

// The variables that hand the output of the previous run to a script.
const (
	PreviousStdout = "PULUMI_COMMAND_STDOUT"
	PreviousStderr = "PULUMI_COMMAND_STDERR"
)

// Run is one execution of one script.
type Run struct {
	// Script is the text for the interpreter or the remote shell.
	Script string
	// Stdin is the standard input.
	Stdin string
	// Environment holds the variables the user asked for.
	Environment map[string]string
	// Previous holds the variables with the output of the previous run.
	Previous map[string]string
	insist   bool
}

// OnCreate returns what to run on creation, nil for nothing.
func (s Scripts) OnCreate() *Run { return s.run(s.Create, Output{}) }

// OnUpdate returns what to run on an update, nil for nothing.
func (s Scripts) OnUpdate(previous Output) *Run {
	if s.Update != nil {
		return s.run(s.Update, previous)
	}
	return s.run(s.Create, previous)
}

// OnDelete returns what to run on deletion, nil for nothing.
func (s Scripts) OnDelete(previous Output) *Run { return s.run(s.Delete, previous) }

func (s Scripts) run(script *string, previous Output) *Run {
	if script == nil {
		return nil
	}
	r := &Run{Script: *script, Environment: s.Environment, Previous: map[string]string{}}
	if s.Stdin != nil {
		r.Stdin = *s.Stdin
	}
	wanted := s.AddPreviousOutputInEnv
	if wanted != nil && !*wanted {
		return r
	}
	r.insist = wanted != nil
	for name, value := range map[string]string{PreviousStdout: previous.Stdout, PreviousStderr: previous.Stderr} {
		// What the user sets himself wins over what we would add.
		if _, set := s.Environment[name]; !set && value != "" {
			r.Previous[name] = value
		}
	}
	return r
}

// Needs reports whether the script must not run without a variable of Previous:
// the user asked for them by name, or the script reads this one. Otherwise they
// are a default nobody may have thought of, and a place that cannot take them
// is no reason to fail.
func (r *Run) Needs(name string) bool { return r.insist || strings.Contains(r.Script, name) }

// maxVariable is what Linux allows for NAME=VALUE and its closing zero, bytes.
const maxVariable = 128 << 10

// Fits reports whether a variable can be passed to a process at all: output of
// any size and content ends up in Previous.
func Fits(name, value string) bool {
	return len(name)+len(value)+2 <= maxVariable && !strings.ContainsRune(value, 0)
}
