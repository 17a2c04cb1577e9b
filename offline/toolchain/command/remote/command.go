package remote

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"swarm-farm/toolchain/command/internal/lifecycle"
	"swarm-farm/toolchain/command/internal/logs"
)

// Command is the resource command:remote:Command.
type Command struct{}

// CommandArgs are the inputs of Command.
type CommandArgs struct {
	lifecycle.Scripts
	// Connection says where the scripts run.
	Connection Connection `pulumi:"connection" provider:"secret"`
	// Logging chooses the streams to log; both by default.
	Logging *Logging `pulumi:"logging,optional"`
}

// CommandState are the outputs of Command, its inputs among them.
type CommandState struct {
	CommandArgs
	lifecycle.Output
}

// Annotate describes the resource in the schema.
func (c *Command) Annotate(a infer.Annotator) {
	a.Describe(&c, "A script that the login shell of another machine runs when the resource is created, "+
		"updated or deleted. A script that does not exit with 0 fails the step.")
}

// Annotate describes the inputs in the schema.
func (c *CommandArgs) Annotate(a infer.Annotator) {
	a.Describe(&c.Connection, "The machine to run the scripts on.")
	a.Describe(&c.Logging, "Which streams go to the log while the script runs. Defaults to both.")
}

// Check refuses inputs no run could be made of.
func (*Command) Check(ctx context.Context, r infer.CheckRequest) (infer.CheckResponse[CommandArgs], error) {
	args, failures, err := infer.DefaultCheck[CommandArgs](ctx, r.NewInputs)
	failures = append(failures, logs.Check(args.Logging)...)
	return infer.CheckResponse[CommandArgs]{Inputs: args, Failures: failures}, err
}

// Create runs the script of that name.
func (*Command) Create(ctx context.Context, r infer.CreateRequest[CommandArgs]) (infer.CreateResponse[CommandState], error) {
	state := CommandState{CommandArgs: r.Inputs}
	if r.DryRun {
		return infer.CreateResponse[CommandState]{Output: state}, nil
	}
	err := state.run(ctx, r.Inputs.OnCreate())
	return infer.CreateResponse[CommandState]{ID: lifecycle.NewID(r.Name), Output: state}, err
}

// Update runs the script for updates; what it prints replaces the output before.
func (*Command) Update(
	ctx context.Context, r infer.UpdateRequest[CommandArgs, CommandState],
) (infer.UpdateResponse[CommandState], error) {
	state := r.State
	state.CommandArgs = r.Inputs
	var err error
	if !r.DryRun && !lifecycle.Unchanged(ctx) {
		err = state.run(ctx, r.Inputs.OnUpdate(r.State.Output))
	}
	return infer.UpdateResponse[CommandState]{Output: state}, err
}

// Delete runs the script of that name with the inputs of the latest run.
func (*Command) Delete(ctx context.Context, r infer.DeleteRequest[CommandState]) (infer.DeleteResponse, error) {
	return infer.DeleteResponse{}, r.State.run(ctx, r.State.OnDelete(r.State.Output))
}

// WireDependencies makes the outputs secret along with what the script can see.
// The connection is not among that, and always secret.
func (*Command) WireDependencies(f infer.FieldSelector, args *CommandArgs, state *CommandState) {
	for _, out := range []infer.OutputField{f.OutputField(&state.Stdout), f.OutputField(&state.Stderr)} {
		lifecycle.Wire(f, out, &args.Scripts)
	}
}

func (s *CommandState) run(ctx context.Context, run *lifecycle.Run) error {
	if run == nil {
		return nil
	}
	link, err := s.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer link.Close()
	output, err := link.execute(ctx, run, s.Logging)
	if err == nil {
		s.Output = output
	}
	return err
}
