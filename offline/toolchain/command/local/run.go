package local

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi-go-provider/infer"

	"swarm-farm/toolchain/command/internal/lifecycle"
	"swarm-farm/toolchain/command/internal/logs"
)

// Run is the function command:local:run: a script that runs at every preview
// and update of the program that calls it.
type Run struct{}

// RunArgs are the arguments of Run.
type RunArgs struct {
	// Command is the script.
	Command string `pulumi:"command"`
	// Stdin is given to the script as standard input.
	Stdin *string `pulumi:"stdin,optional"`
	// Environment is added to Pulumi's own.
	Environment map[string]string `pulumi:"environment,optional"`
	// AddPreviousOutputInEnv has no effect: a function has no previous run. It
	// is there because npm's types have it.
	AddPreviousOutputInEnv *bool `pulumi:"addPreviousOutputInEnv,optional"`
	Place
}

// RunResult is what Run returns: its arguments and what came of them.
type RunResult struct {
	RunArgs
	lifecycle.Output
	Files
}

// Annotate describes the function in the schema.
func (r *Run) Annotate(a infer.Annotator) {
	a.Describe(&r, "Runs a script on the machine Pulumi runs on, at every preview and update.")
}

// Annotate describes the arguments in the schema.
func (r *RunArgs) Annotate(a infer.Annotator) {
	a.Describe(&r.Command, "The script to run.")
	a.Describe(&r.Stdin, "Text given to the script as standard input.")
	a.Describe(&r.Environment, "Environment variables for the script.")
	a.Describe(&r.AddPreviousOutputInEnv, "Has no effect: a function has no previous run.")
}

// Invoke runs the script.
func (*Run) Invoke(ctx context.Context, r infer.FunctionRequest[RunArgs]) (infer.FunctionResponse[RunResult], error) {
	var none infer.FunctionResponse[RunResult]
	args := r.Input
	if failures := logs.Check(args.Logging); len(failures) > 0 {
		return none, errors.New("logging: " + failures[0].Reason)
	}
	run := lifecycle.Scripts{Create: &args.Command, Stdin: args.Stdin, Environment: args.Environment}.OnCreate()
	output, err := args.execute(ctx, run)
	if err != nil {
		return none, err
	}
	files, err := args.collect()
	return infer.FunctionResponse[RunResult]{Output: RunResult{args, output, files}}, err
}
