package remote

import (
	"context"
	"fmt"

	"github.com/pkg/sftp"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"

	"swarm-farm/toolchain/command/internal/failure"
	"swarm-farm/toolchain/command/internal/lifecycle"
)

// CopyToRemote is the resource command:remote:CopyToRemote.
type CopyToRemote struct{}

// CopyToRemoteArgs are the inputs of CopyToRemote.
type CopyToRemoteArgs struct {
	// Connection says where to copy to.
	Connection Connection `pulumi:"connection" provider:"secret"`
	// Source is what to copy: an asset, or an archive that is a folder, a file
	// or a set of assets. Archive files are copied, not unpacked.
	Source types.AssetOrArchive `pulumi:"source"`
	// RemotePath is where to copy it to, see destination for the rules.
	RemotePath string `pulumi:"remotePath"`
	// Triggers replace the resource, and so copy again, when any of them changes.
	Triggers []any `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

// CopyToRemoteState are the outputs of CopyToRemote: its inputs.
type CopyToRemoteState struct{ CopyToRemoteArgs }

// Annotate describes the resource in the schema.
func (c *CopyToRemote) Annotate(a infer.Annotator) {
	a.Describe(&c, "A copy of an asset or archive on another machine. Deleting the resource leaves the copy there.")
}

// Annotate describes the inputs in the schema.
func (c *CopyToRemoteArgs) Annotate(a infer.Annotator) {
	a.Describe(&c.Connection, "The machine to copy to.")
	a.Describe(&c.Source, "What to copy: an asset, a folder, or an archive file, which is not unpacked.")
	a.Describe(&c.RemotePath, "Where to copy it to. Missing parent folders are made. If it is a folder "+
		"that exists, the copy goes into it under the source's name. An existing file is overwritten by a file.")
	a.Describe(&c.Triggers, "Values of any type; a change of any of them copies again.")
}

// Create copies.
func (*CopyToRemote) Create(
	ctx context.Context, r infer.CreateRequest[CopyToRemoteArgs],
) (infer.CreateResponse[CopyToRemoteState], error) {
	state := CopyToRemoteState{r.Inputs}
	if r.DryRun {
		return infer.CreateResponse[CopyToRemoteState]{Output: state}, nil
	}
	err := r.Inputs.copy(ctx)
	return infer.CreateResponse[CopyToRemoteState]{ID: lifecycle.NewID(r.Name), Output: state}, err
}

// Update copies again, whichever input changed: another connection can lead to
// another machine. What an earlier copy left elsewhere stays.
func (*CopyToRemote) Update(
	ctx context.Context, r infer.UpdateRequest[CopyToRemoteArgs, CopyToRemoteState],
) (infer.UpdateResponse[CopyToRemoteState], error) {
	var err error
	if !r.DryRun && !lifecycle.Unchanged(ctx) {
		err = r.Inputs.copy(ctx)
	}
	return infer.UpdateResponse[CopyToRemoteState]{Output: CopyToRemoteState{r.Inputs}}, err
}

func (c CopyToRemoteArgs) copy(ctx context.Context) error {
	source, err := read(c.Source)
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	link, err := c.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer link.Close()
	stop := context.AfterFunc(ctx, func() { _ = link.Close() })
	defer stop()
	client, err := sftp.NewClient(link.Client)
	if err != nil {
		return fmt.Errorf("copying to %s: starting SFTP, which needs the subsystem sftp in its sshd_config "+
			"and the program for it (Debian: openssh-sftp-server): %w", link.name, err)
	}
	defer client.Close()
	to, err := destination(client, source, c.RemotePath)
	if err == nil {
		err = upload(client, source, to)
	}
	if err != nil && ctx.Err() != nil {
		err = failure.Interrupted(ctx)
	}
	if err != nil {
		return fmt.Errorf("copying to %s on %s: %w", c.RemotePath, link.name, err)
	}
	return nil
}
