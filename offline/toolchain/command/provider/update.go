package provider

import (
	"context"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"swarm-farm/toolchain/command/internal/lifecycle"
)

// results are the outputs that come from running something.
var results = []string{"stdout", "stderr", "assets", "archive"}

// withUpdates tells updates whether there is anything to do, and makes previews
// of those that do something return unknown results. The framework alone misses
// inputs that were not set before.
func withUpdates(plugin p.Provider) p.Provider {
	inner := plugin.Update
	plugin.Update = func(ctx context.Context, r p.UpdateRequest) (p.UpdateResponse, error) {
		before, after := inputs(r.OldInputs, r.IgnoreChanges), inputs(r.Inputs, r.IgnoreChanges)
		if before.Len() > 0 && !plain(before).Diff(plain(after)).AnyChanges() {
			return inner(lifecycle.WithUnchanged(ctx), r)
		}
		response, err := inner(ctx, r)
		if err != nil || !r.DryRun {
			return response, err
		}
		for _, name := range results {
			if old, is := response.Properties.GetOk(name); is {
				unknown := property.New(property.Computed).WithSecret(old.Secret())
				response.Properties = response.Properties.Set(name, unknown)
			}
		}
		return response, nil
	}
	return plugin
}
