// Package phpfpm shows what php-fpm says of its processes and of requests that wait, for each task of a service.
package phpfpm

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"

	"swarm-farm/apps/exporter/internal/faults"
	"swarm-farm/apps/exporter/internal/fresh"
	"swarm-farm/apps/exporter/internal/metrics"
)

// StatusPath is php-fpm's page (pm.status_path). No web server passes it on: each resolves the dots, or refuses them.
const StatusPath = "/../status"

const (
	// maxTasks bounds what a page can have: a name server that lies cannot make it longer.
	maxTasks = 256
	// atOnce is how many tasks are asked at the same time.
	atOnce = 16
)

// Collector asks all tasks when it is scraped, and not at any other time.
type Collector struct {
	host, port string
	// lookup is the addresses of a name.
	lookup func(context.Context, string) ([]string, error)
	faults *faults.Counts
	limits fresh.Limits

	gate     fresh.Gate
	families []metrics.Family
}

// New returns a collector of the tasks whose addresses a name has.
//
// address is host:port, where php-fpm listens for its status page alone (pm.status_listen): there it answers while all
// processes are busy.
func New(address string, counts *faults.Counts, limits fresh.Limits) (*Collector, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	return &Collector{host: host, port: port, lookup: net.DefaultResolver.LookupHost, faults: counts, limits: limits}, nil
}

// Families is what the tasks say now; of one that does not answer it has phpfpm_up, which is 0.
func (c *Collector) Families() []metrics.Family {
	return fresh.Serve(&c.gate, c.limits.Fresh, c.collect, func() []metrics.Family { return c.families })
}

func (c *Collector) collect() {
	ctx, cancel := context.WithTimeout(context.Background(), c.limits.Deadline)
	defer cancel()
	c.families = nil
	addresses, err := c.lookup(ctx, c.host)
	if err != nil {
		c.faults.Add(faults.Php, err)
		return
	}
	slices.Sort(addresses)
	addresses = addresses[:min(len(addresses), maxTasks)]
	pages := make([][]metrics.Family, len(addresses))
	var asked sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for at, address := range addresses {
		asked.Add(1)
		go func() {
			defer asked.Done()
			places <- struct{}{}
			defer func() { <-places }()
			pages[at] = c.ask(ctx, address)
		}()
	}
	asked.Wait()
	c.families = merged(addresses, pages)
}

func (c *Collector) ask(ctx context.Context, address string) []metrics.Family {
	text, err := get(ctx, net.JoinHostPort(address, c.port), StatusPath, "openmetrics")
	if err == nil {
		var page []metrics.Family
		if page, err = parse(text); err == nil {
			return page
		}
	}
	c.faults.Add(faults.Php, fmt.Errorf("%s: %w", address, err))
	return []metrics.Family{{Name: up, Help: upHelp, Kind: metrics.Gauge, Samples: []metrics.Sample{{Value: 0}}}}
}
