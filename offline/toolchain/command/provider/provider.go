// Package provider puts the plugin together.
package provider

import (
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"

	"swarm-farm/toolchain/command/local"
	"swarm-farm/toolchain/command/remote"
)

// What the plugin is installed as; the version is that of the npm package whose
// types it follows.
const (
	Name    = "command"
	Version = "1.2.1"
)

// New returns the plugin. It fails if the schema cannot be inferred.
func New() (p.Provider, error) {
	plugin, err := infer.NewProviderBuilder().
		WithDescription("Runs commands and copies files, here and on other machines.").
		WithResources(
			infer.Resource(&local.Command{}),
			infer.Resource(&remote.Command{}),
			infer.Resource(&remote.CopyToRemote{}),
		).
		WithFunctions(infer.Function(&local.Run{})).
		Build()
	if err != nil {
		return p.Provider{}, err
	}
	plugin.Diff = diff
	return withRedaction(withUpdates(plugin)), nil
}
