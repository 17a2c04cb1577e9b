// Command pulumi-language-nodejs runs Node.js programs for the Pulumi engine.
//
// It stands in for Pulumi's own host, which comes with the official CLI download and is no Go module of its own.
// It knows what swarm-farm needs: run a program, and generate a local SDK from a schema.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// engineCheckInterval is how often the host looks whether its engine still lives: a killed engine must not leave
// a host, and with it a node process, behind.
const engineCheckInterval = 5 * time.Second

// host answers the engine's calls; engine is the address of the engine that started it.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
}

// GetPluginInfo says which version of Pulumi this host was built from.
func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve listens on a free port, tells the engine which by printing it, and answers until the engine is gone.
func serve() error {
	// The engine passes runtime options as flags too; the same values come with each call, so these are only accepted.
	for _, name := range []string{"tracing", "root", "tsconfig", "packagemanager", "nodeargs", "bundler"} {
		flag.String(name, "", "accepted and read from the call instead")
	}
	flag.Bool("typescript", true, "accepted and read from the call instead")
	flag.Parse()
	engine := flag.Arg(0)

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if engine != "" {
		if err := rpcutil.Healthcheck(ctx, engine, engineCheckInterval, stop); err != nil {
			return fmt.Errorf("watch the engine at %s: %w", engine, err)
		}
	}
	cancel := make(chan bool)
	context.AfterFunc(ctx, func() { close(cancel) })

	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(s, &host{engine: engine})
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("listen for the engine: %w", err)
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}
