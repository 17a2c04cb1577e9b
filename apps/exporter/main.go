// Command exporter shows Prometheus what a node's Swarm tasks use and what its load balancer answers. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/faults"
	"swarm-farm/apps/exporter/internal/fresh"
	"swarm-farm/apps/exporter/internal/requests"
	"swarm-farm/apps/exporter/internal/swarm"
	"swarm-farm/apps/exporter/internal/usage"
)

func main() {
	log.SetFlags(0)
	listen := flag.String("listen", ":9101", "address to serve /metrics and /healthz on")
	socket := flag.String("docker", "/var/run/docker.sock", "Docker's socket")
	balancer := flag.String("loadbalancer", "loadbalancer", "service whose log has the requests; empty: none")
	ofSwarm := flag.Bool("swarm", false, "show nodes and services of the swarm instead: on a manager")
	check := flag.Bool("check", false, "check the health of the exporter that runs on -listen, and exit with 0 or 1")
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("unexpected argument '%s'", flag.Arg(0))
	}
	if *check {
		if err := checkHealth(*listen); err != nil {
			log.Fatal(err)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := serve(ctx, *listen, *socket, *balancer, *ofSwarm); err != nil {
		log.Fatal(err)
	}
}

// serve runs until the context ends.
func serve(ctx context.Context, listen, socket, balancer string, ofSwarm bool) error {
	client, errs, counts := docker.New(socket), faults.New(), requests.NewCounts()
	page := page{docker: client, faults: errs, sources: []source{usage.New(client, errs, fresh.DefaultLimits), counts}}
	if ofSwarm {
		page.sources = []source{swarm.New(client, errs, fresh.DefaultLimits)}
	} else if balancer != "" {
		go requests.NewFollower(client, errs, counts, balancer).Run(ctx)
	}
	server := &http.Server{
		Addr:              listen,
		Handler:           page.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      2 * fresh.DefaultLimits.Deadline,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
