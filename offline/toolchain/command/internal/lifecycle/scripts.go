// Package lifecycle decides which script a command resource runs at which step
// of its life, and with what surroundings. It runs nothing itself, so local and
// remote commands share one answer.
package lifecycle

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Scripts are the inputs that local and remote commands have in common.
type Scripts struct {
	// Create runs once, when the resource is made.
	Create *string `pulumi:"create,optional"`
	// Update runs when an input changed; Create stands in when it is unset.
	Update *string `pulumi:"update,optional"`
	// Delete runs before the resource goes away.
	Delete *string `pulumi:"delete,optional"`
	// Triggers replace the resource when any of them changes.
	Triggers []any `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	// Stdin is given to every script as standard input; unset is an empty one.
	Stdin *string `pulumi:"stdin,optional"`
	// Environment is added to what the scripts would inherit anyway.
	Environment map[string]string `pulumi:"environment,optional"`
	// AddPreviousOutputInEnv gives updates and deletes the output of the run
	// before; unset means true.
	AddPreviousOutputInEnv *bool `pulumi:"addPreviousOutputInEnv,optional"`
}

// Annotate describes the inputs in the schema.
func (s *Scripts) Annotate(a infer.Annotator) {
	a.Describe(&s.Create, "The script to run when the resource is created. "+
		"It also runs on updates if `update` is not set.")
	a.Describe(&s.Update, "The script to run when inputs other than triggers change.")
	a.Describe(&s.Delete, "The script to run when the resource is deleted.")
	a.Describe(&s.Triggers, "Values of any type; a change of any of them replaces the resource.")
	a.Describe(&s.Stdin, "Text given to the scripts as standard input.")
	a.Describe(&s.Environment, "Environment variables for the scripts. "+
		"An SSH server must allow them by AcceptEnv.")
	a.Describe(&s.AddPreviousOutputInEnv, "Whether updates and deletes find the output of the "+
		"previous run in PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. Defaults to true.")
}

// Output is what the latest run printed, less one final newline each.
type Output struct {
	// Stdout is the standard output.
	Stdout string `pulumi:"stdout"`
	// Stderr is the standard error.
	Stderr string `pulumi:"stderr"`
}

// Annotate describes the outputs in the schema.
func (o *Output) Annotate(a infer.Annotator) {
	a.Describe(&o.Stdout, "The standard output of the latest run.")
	a.Describe(&o.Stderr, "The standard error of the latest run.")
}

// Wire makes an output secret if any input is that its script can see.
func Wire(f infer.FieldSelector, out infer.OutputField, s *Scripts) {
	out.DependsOn(
		f.InputField(&s.Create).Secret(), f.InputField(&s.Update).Secret(),
		f.InputField(&s.Stdin).Secret(), f.InputField(&s.Environment).Secret(),
	)
}

// NewID returns the id for a new resource of a name.
func NewID(name string) string {
	var random [5]byte
	// Read never fails: it ends the program instead.
	_, _ = rand.Read(random[:])
	return name + hex.EncodeToString(random[:])
}
