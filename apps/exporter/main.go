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
	"swarm-farm/apps/exporter/internal/phpfpm"
	"swarm-farm/apps/exporter/internal/requests"
	"swarm-farm/apps/exporter/internal/swarm"
	"swarm-farm/apps/exporter/internal/usage"
)

func main() {
	log.SetFlags(0)
	listen := flag.String("listen", ":9101", "address to serve /metrics and /healthz on")
	var of subject
	flag.StringVar(&of.socket, "docker", "/var/run/docker.sock", "Docker's socket")
	flag.StringVar(&of.balancer, "loadbalancer", "loadbalancer", "service whose log has the requests; empty: none")
	flag.BoolVar(&of.swarm, "swarm", false, "show nodes and services of the swarm instead: on a manager")
	flag.StringVar(&of.php, "php", "", "show php-fpm's status instead: host:port of all tasks' pm.status_listen, without Docker")
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
	if err := serve(ctx, *listen, of); err != nil {
		log.Fatal(err)
	}
}

// subject is what is shown.
type subject struct {
	// socket is Docker's.
	socket string
	// balancer is the service whose log has the requests; empty: none.
	balancer string
	// swarm is whether nodes and services are shown in place of containers and requests.
	swarm bool
	// php is the address of php-fpm's status in place of all of these; empty: none.
	php string
}

// serve runs until the context ends.
func serve(ctx context.Context, listen string, of subject) error {
	page, err := pageOf(ctx, of)
	if err != nil {
		return err
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

// pageOf is the page of a subject; what it follows ends with the context.
func pageOf(ctx context.Context, of subject) (page, error) {
	errs := faults.New()
	if of.php != "" {
		php, err := phpfpm.New(of.php, errs, fresh.DefaultLimits)
		return page{faults: errs, sources: []source{php}}, err
	}
	client := docker.New(of.socket)
	if of.swarm {
		return page{docker: client, faults: errs, sources: []source{swarm.New(client, errs, fresh.DefaultLimits)}}, nil
	}
	counts := requests.NewCounts()
	if of.balancer != "" {
		go requests.NewFollower(client, errs, counts, of.balancer).Run(ctx)
	}
	return page{docker: client, faults: errs, sources: []source{usage.New(client, errs, fresh.DefaultLimits), counts}}, nil
}
