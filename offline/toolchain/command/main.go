// Command pulumi-resource-command is a Pulumi resource plugin that serves the
// package npm knows as @pulumi/command. See README.md for why it exists.
package main

import (
	"context"
	"fmt"
	"os"

	"swarm-farm/toolchain/command/provider"
)

func main() {
	plugin, err := provider.New()
	if err == nil {
		err = plugin.Run(context.Background(), provider.Name, provider.Version)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
