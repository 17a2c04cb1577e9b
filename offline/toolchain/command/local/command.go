package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"swarm-farm/toolchain/command/internal/lifecycle"
	"swarm-farm/toolchain/command/internal/logs"
)

// Command is the resource command:local:Command.
type Command struct{}

// CommandArgs are the inputs of Command.
type CommandArgs struct {
	lifecycle.Scripts
	Place
}

// CommandState are the outputs of Command, its inputs among them.
type CommandState struct {
	CommandArgs
	lifecycle.Output
	Files
}

// Annotate describes the resource in the schema.
func (c *Command) Annotate(a infer.Annotator) {
	a.Describe(&c, "A script that runs on the machine Pulumi runs on when the resource is created, "+
		"updated or deleted. A script that does not exit with 0 fails the step.")
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
		// Present but empty: the framework turns them into unknown values.
		state.Files = r.Inputs.placeholders()
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
	state.Files = r.State.restored()
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

// Read returns the state as it is, with its files complete.
func (*Command) Read(
	_ context.Context, r infer.ReadRequest[CommandArgs, CommandState],
) (infer.ReadResponse[CommandArgs, CommandState], error) {
	r.State.Files = r.State.restored()
	return infer.ReadResponse[CommandArgs, CommandState](r), nil
}

// WireDependencies makes the outputs secret along with what the script can see.
func (*Command) WireDependencies(f infer.FieldSelector, args *CommandArgs, state *CommandState) {
	for _, out := range []infer.OutputField{
		f.OutputField(&state.Stdout), f.OutputField(&state.Stderr),
		f.OutputField(&state.Assets), f.OutputField(&state.Archive),
	} {
		lifecycle.Wire(f, out, &args.Scripts)
		out.DependsOn(f.InputField(&args.Interpreter).Secret(), f.InputField(&args.Dir).Secret())
	}
}

func (s *CommandState) run(ctx context.Context, run *lifecycle.Run) error {
	if run == nil {
		return nil
	}
	output, err := s.execute(ctx, run)
	if err != nil {
		return err
	}
	s.Output = output
	s.Files, err = s.collect()
	return err
}
